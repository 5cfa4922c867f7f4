// What kind of question a text asks, read from its own words. Pure, English; other languages come out as
// `statement`, which lifts nothing and hides nothing.

import type { QuestionType } from './understand'

/** First match wins, so the narrow ones stand first: "how long" is no "how", "where is my …" asks for a status. */
const SIGNS: readonly (readonly [QuestionType, RegExp])[] = [
  [
    'status',
    /\bwhere (is|are|did) (my|our|the money)\b|\bwhen (will|do|does|is|are|am)\b|\bhow long\b|\bstatus\b|\bstill (waiting|pending|not)\b|\bnot (yet )?(arrived|received)\b|\b(arrive|arrived|received|paid|approved|sent) yet\b|\btrack\b/,
  ],
  [
    'why',
    /\bwhy\b|\bhow come\b|\b(not|isnt|doesnt|dont|didnt|wont|cant|cannot|couldnt) (\w+ )?(work|load|open|let|show|see|find|send|log|sign|get|access|upload|save|able)|\bunable to\b|\b(error|fails?|failed|failing|broken|stuck|crash\w*|rejected|declined|denied|missing|wrong|problem)\b/,
  ],
  [
    'policy',
    /\bhow much\b|\b(refunds?|policy|policies|terms|rules?|fees?|costs?|pric(e|es|ing)|charged?|privacy|gdpr|legal|deadline|penalty)\b/,
  ],
  [
    'permission',
    /\b(allowed|permission|permitted|eligible|who can|who may)\b|^(can|may|could|am|are|is it) (i|we|you|it|possible|ok)\b/,
  ],
  ['where', /\bwhere\b|\bwhich page\b|\bfind\b/],
  ['howto', /\bhow\b|\b(steps|way|ways|guide|instructions) (to|for)\b/],
]

/** The type of question that `text` asks; half-typed text is read for what is there. */
export function questionTypeOf(text: string): QuestionType {
  const words = text.toLowerCase().replace(/['’]/g, '')
  return SIGNS.find(([, sign]) => sign.test(words))?.[0] ?? 'statement'
}
