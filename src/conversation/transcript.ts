// A conversation as plain text, to keep or to send: who said what and when, what a machine said, what happened.
// Pure: what the window shows goes in, lines come out.

import type { Texts } from '../base/texts'
import { namesOf } from '../protocol/attachments'
import { authorText, machineText, owedText } from './disclosure'
import type { ToldPart } from './telling'
import type { TimelineItem } from './timeline'

export interface TranscriptLine {
  /** `bot`: a machine said it. `notice`: nobody did, it happened. */
  readonly who: 'visitor' | 'bot' | 'agent' | 'notice'
  /** As shown: `Noor, support`. Empty for notices. */
  readonly name: string
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** @param botName  what the machine is called where a message does not say */
export function transcriptLines(
  items: readonly TimelineItem[],
  texts: Texts,
  botName: string,
): readonly TranscriptLine[] {
  return items.map(item => {
    const { at } = item
    if (item.kind === 'notice') {
      if (item.name === 'botIntro')
        return { who: 'notice', name: '', text: owedText(texts, 'notice.botIntro', botName), at }
      // As they are written: a ticket's number has no thousands separator.
      const values: Record<string, string> = { name: botName }
      for (const [key, value] of Object.entries(item.values)) values[key] = String(value)
      if (values.about) values.about = texts(`contest.about.${values.about}`)
      return { who: 'notice', name: '', text: texts(`notice.${item.name}`, values), at }
    }
    const { author, attachments = [] } = item
    const files = namesOf(attachments)
    // Where nothing was typed the text is the names already.
    const withFiles = files && files !== item.text ? ` [${files}]` : ''
    const who = author.kind === 'visitor' || author.kind === 'agent' ? author.kind : 'bot'
    const machine = machineText(item, texts)
    const name = authorText(author, texts, botName)
    return { who, name, text: item.text + withFiles + (machine && ` (${machine})`), at }
  })
}

/** What a person was told with the handoff, before all that was said. */
export function toldLines(parts: readonly ToldPart[], at: number, texts: Texts): readonly TranscriptLine[] {
  // The face of the handoff brings these words, and only with it is there anything to tell.
  const say = (kind: ToldPart['kind'] | 'title') => texts(`told.${kind}`)
  const told = parts.map(({ kind, label, value }) =>
    texts('said.by', { name: label || say(kind), text: value.replaceAll('\n', ' · ') }),
  )
  return [{ who: 'notice', name: '', text: [say('title'), ...told].join('\n  '), at }]
}

/** A line each, with the time in UTC. */
export function transcriptText(lines: readonly TranscriptLine[], texts: Texts): string {
  return lines
    .map(({ name, text, at }) => {
      const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
      return `[${time}] ${name ? texts('said.by', { name, text }) : text}`
    })
    .join('\n')
}
