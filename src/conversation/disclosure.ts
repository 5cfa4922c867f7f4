// Which words say that a machine speaks, or wrote what a person sent. Pure. A site may put them in its own words, and
// may not take them away: a label that says nothing beside a name gives way to ours.

import type { Texts } from '../base/texts'
import type { Author } from '../protocol/records'
import type { TimelineItem } from './timeline'

/** What these say is owed to whoever reads it (EU AI Act, article 50), whatever a site's texts make of it. */
const MACHINE = '{name} (automatic assistant)'
const OWED = {
  'author.bot': MACHINE,
  'notice.botIntro': MACHINE,
  'author.drafted': 'Suggested by a machine, sent by {name}',
} as const

export type OwedText = keyof typeof OWED
export const OWED_TEXTS = Object.keys(OWED) as readonly OwedText[]

/** In a key of ours, under which the shipped words stand once more where a site's own do not reach (`conversationParts`). */
export const SHIPPED = 'shipped:'

/** Two letters in a row that are not of the name. */
const saysSomething = (text: string) => /\p{L}{2}/u.test(text)

/** The site's words where they say something, else the shipped ones of this language, else English. */
export function owedText(texts: Texts, key: OwedText, name: string): string {
  for (const each of [key, SHIPPED + key]) {
    const alone = texts(each, { name: '' })
    // A key that nobody knows is answered with itself.
    if (alone !== each && saysSomething(alone)) return texts(each, { name })
  }
  return OWED[key].replace('{name}', () => name)
}

/** Who said it, in words; of a machine always that it is one. */
export function authorText(author: Author, texts: Texts, botName: string): string {
  if (author.kind === 'bot') return owedText(texts, 'author.bot', author.name ?? botName)
  return texts(`author.${author.kind}`, { name: author.kind === 'agent' ? author.name : '' })
}

/** Beyond who said it: that a language model worded it, or that a machine suggested what a person sent; else ''. */
export function machineText(
  {
    author,
    source,
    draftedBy,
  }: Pick<Extract<TimelineItem, { kind: 'message' }>, 'author' | 'source' | 'draftedBy'>,
  texts: Texts,
): string {
  if (draftedBy && author.kind === 'agent') return owedText(texts, 'author.drafted', author.name)
  return source?.kind === 'article' && source.model ? texts(`source.model.${source.model}`) : ''
}
