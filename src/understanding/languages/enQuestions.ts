// How English asks, as data. Apart from the rest of English, because the search reads it at the first key.

import type { QuestionWords } from './language'

/** First match wins, so the narrow ones stand first: "how long" is no "how", "where is my …" asks for a status. */
export const ENGLISH_QUESTIONS: QuestionWords = [
  [
    'status',
    '\\b(where (is|are|did) (my|our|the money)|when (will|does?|is|are|am)|how long|status|still (waiting|pending|not)|not (yet )?(arrived|received)|(arrived?|received|paid|approved|sent) yet|track)\\b',
  ],
  [
    'why',
    '\\b(why|how come|(not|isnt|doesnt|dont|didnt|wont|cant|cannot|couldnt) (\\w+ )?(work|load|open|let|show|see|find|send|log|sign|get|access|upload|save|able)\\w*|unable to|error|fail(s|ed|ing)?|broken|stuck|crash\\w*|rejected|declined|denied|missing|wrong|problem)\\b',
  ],
  [
    'policy',
    '\\b(how much|refunds?|polic(y|ies)|terms|rules?|fees?|costs?|pric(e|es|ing)|charged?|privacy|gdpr|legal|deadline|penalty)\\b',
  ],
  [
    'permission',
    '\\b(allowed|permission|permitted|eligible|who (can|may))\\b|^(can|may|could|am|are|is it) (i|we|you|it|possible|ok)\\b',
  ],
  ['where', '\\b(where|which page|find)\\b'],
  ['howto', '\\bhow\\b|\\b(steps|ways?|guide|instructions) (to|for)\\b'],
]
