// A stored conversation as a test that today's bot fails: what the visitor did until a person was there, masked, and
// after the question that was not solved what should have come instead. Pure: events in, the lines of a transcript out.
//
// What the bot said then stands in comments: that an article was reworded since is no failure. What must hold is, first
// that applies: what the lead says; the article that the person cited; not again what the bot said to the question.

import { redact, type SiteMasks } from '../base/redact'
import type { StoredEvent } from '../protocol/events'
import type { Brief } from '../protocol/records'

export interface Replayed {
  readonly text: string
  /** What must hold, as written; where it comes from. */
  readonly expects: string
  readonly because: 'said' | 'cited' | 'not again' | 'person'
}

export interface TranscriptWishes {
  /** Expectations for the question, as the lead writes them: `cites: account/reset`. */
  readonly expects?: readonly string[]
  /** For a comment: why a machine decided something, from the journal. */
  readonly decided?: readonly string[]
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
}

/** In the place of what is masked: flows ask for something of this kind, and go on. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/\[email\]/g, 'someone@example.com'],
  [/\[phone\]/g, '+1 202 555 0143'],
]
const PAGE_FACT = /^[\w-]+$/
/** Enough to know a sentence again. */
const KNOWN_BY_CHARS = 60

/** @returns null: the words were erased, there is nothing to play. */
export function transcriptOf(events: readonly StoredEvent[], wishes: TranscriptWishes = {}): Replayed | null {
  const opened = events[0]?.body
  if (opened?.type !== 'opened') return null
  const { brief } = opened
  const safe = saferOf(brief, wishes.masks)
  const handed = events.findIndex(({ body }) => body.type === 'handoffReady')
  const before = handed < 0 ? events : events.slice(0, handed)
  const turns = turnsOf(before, brief)
  const wanted = brief.question?.trim()
  const asked = Math.max(
    0,
    turns.findLastIndex(({ visitor }) => (wanted ? visitor.trim() === wanted : false)),
  )
  const answer = turns[asked]
  const cited = citedByPeople(events)
  const { expects, because } = expectationOf(wishes, cited, answer, brief)

  const { page, visitor } = brief
  const lines: string[] = [
    `# From conversation ${events[0]?.conversationId}, which went to a person: ${brief.reason}.`,
    ...(brief.because ? [`# ${safe(brief.because)}`] : []),
    ...(wishes.decided ?? []).map(line => `# Decided then: ${safe(line)}`),
    ...categoryOf(events).map(category => `# The agent filed it under ${safe(category)}.`),
    '',
    `test: ${safe(short(wanted ?? answer?.visitor ?? 'A person was asked for'))}`,
    `on: ${/^\/\S*$/.test(page.route) ? safe(page.route) : '/'}${visitor.role && /^\S+$/.test(visitor.role) ? ` as ${safe(visitor.role)}` : ''}`,
  ]
  const facts = { ...(page.name && { name: page.name }), ...page.data }
  for (const [name, value] of Object.entries(facts))
    if (PAGE_FACT.test(name) && safe(value)) lines.push(`page.${name}: ${safe(value)}`)
  if (visitor.email) lines.push('visitor.email: someone@example.com')
  if (brief.reason === 'articleDidNotHelp') {
    const read = brief.articlesRead.at(-1)
    if (read) lines.push(`(reads ${read.articleId})`)
  }
  for (const [index, turn] of turns.entries()) {
    lines.push(`> ${safe(turn.visitor)}`)
    for (const said of turn.bot) lines.push(`# The bot said: ${safe(short(said))}`)
    if (index === asked) lines.push(...expects)
  }
  for (const said of saidByPeople(events)) lines.push(`# The person said: ${safe(short(said, 200))}`)
  return { text: `${lines.join('\n')}\n`, expects: expects.join('; '), because }
}

interface Turn {
  readonly visitor: string
  readonly bot: string[]
  readonly cites: string[]
}

function turnsOf(events: readonly StoredEvent[], brief: Brief): Turn[] {
  const turns: Turn[] = []
  for (const { author, body } of events) {
    if (body.type !== 'message') continue
    if (author.kind === 'visitor') turns.push({ visitor: body.text, bot: [], cites: [] })
    const turn = turns.at(-1)
    if (author.kind !== 'bot' || !turn) continue
    turn.bot.push(body.text)
    for (const { articleId } of body.citations ?? []) turn.cites.push(articleId)
  }
  // Whoever asks for a person at once has said nothing to the bot.
  if (turns.length === 0 && brief.question) turns.push({ visitor: brief.question, bot: [], cites: [] })
  if (turns.length === 0) turns.push({ visitor: 'I would like to talk to a person', bot: [], cites: [] })
  return turns
}

function expectationOf(
  { expects: wishes, masks }: TranscriptWishes,
  cited: readonly string[],
  answer: Turn | undefined,
  brief: Brief,
): { expects: readonly string[]; because: Replayed['because'] } {
  if (wishes && wishes.length > 0) return { expects: wishes, because: 'said' }
  const fresh = cited.filter(id => !answer?.cites.includes(id))
  if (fresh.length > 0) return { expects: [`cites: ${fresh.join(' | ')}`], because: 'cited' }
  // A person was needed after it: the same once more is what must not come.
  const [said = ''] = answer?.bot ?? []
  const words = redact(short(said, KNOWN_BY_CHARS).replaceAll('|', ' ').trim(), 'derived', masks)
  if (words) return { expects: [`never says: ${words}`], because: 'not again' }
  return { expects: [`person: ${brief.reason}`], because: 'person' }
}

/** Articles that agents named, by citation or by an address that ends in one. */
function citedByPeople(events: readonly StoredEvent[]): string[] {
  const found = new Set<string>()
  for (const { author, body } of events) {
    if (author.kind !== 'agent' || body.type !== 'message') continue
    for (const { articleId } of body.citations ?? []) found.add(articleId)
    for (const [, id = ''] of body.text.matchAll(/#\/?(?:article|help)\/([\w-]+(?:\/[\w-]+)*)/g))
      found.add(id)
  }
  return [...found]
}

const saidByPeople = (events: readonly StoredEvent[]) =>
  events.flatMap(({ author, body }) =>
    author.kind === 'agent' && body.type === 'message' ? [body.text] : [],
  )

const categoryOf = (events: readonly StoredEvent[]) =>
  events.flatMap(({ body }) => (body.type === 'ended' && body.by === 'agent' ? (body.category ?? []) : []))

/** One line, masked, without the visitor's name. */
function saferOf({ visitor }: Brief, masks: SiteMasks | undefined): (text: string) => string {
  const name = visitor.name?.trim() ?? ''
  return text => {
    let safe = redact(text.replace(/\s+/g, ' ').trim(), 'derived', masks)
    for (const [mark, standIn] of STAND_INS) safe = safe.replace(mark, standIn)
    return name.length > 2 ? safe.replaceAll(name, 'Sam') : safe
  }
}

function short(text: string, most = 90): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  if (flat.length <= most) return flat
  const cut = flat.slice(0, most)
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))
}
