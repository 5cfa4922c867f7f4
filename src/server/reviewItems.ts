// What of a conversation, or of the journal, there is to judge, and what a lead is shown of it. Pure: events or a
// record in, items out. All words of people are masked as derived copies are, and the names that the conversation
// knows are taken out: a lead judges an answer, not a person.

import { redact, type SiteMasks } from '../base/redact'
import type { JournalRecord } from '../journal/record'
import type { StoredEvent } from '../protocol/events'
import type { Brief, Citation } from '../protocol/records'
import type { ReviewedArticle, ReviewedTurn, ReviewItem, ReviewKind } from '../protocol/reviews'
import type { ReviewSignals } from './sampling'

/** Something to judge, before anybody knows whether it is taken. */
export interface FoundItem {
  /** What its id is made of: of one answer the same, whoever reports it. */
  readonly name: readonly (string | number)[]
  readonly kind: ReviewKind
  /** Of the server's clock: a device's may say any year. */
  readonly at: number
  readonly signals: ReviewSignals
  /** Of the first event of the answer; 0 in the journal. */
  readonly seq: number
  readonly agentId: string | null
  readonly shown: ShownItem
}

/** What a lead sees, and what a test is made of. */
export type ShownItem = Pick<
  ReviewItem,
  | 'question'
  | 'before'
  | 'answer'
  | 'sources'
  | 'rule'
  | 'because'
  | 'confidence'
  | 'route'
  | 'role'
  | 'locale'
> & {
  /** Words of the visitor alone, oldest first, the question among them. */
  readonly said: readonly string[]
}

/** A page of turns; what was said long before says little about an answer. */
const MAX_BEFORE = 8
const MAX_ANSWERS = 6
const MAX_TURN_CHARS = 1_000
const MAX_SOURCES = 4

interface Turn {
  readonly by: ReviewedTurn['by']
  readonly texts: string[]
  readonly seq: number
  last: number
  readonly at: number
  /** Of the device, where it reported the turn. */
  readonly saidAt: number
  readonly agentId: string | null
  readonly citations: Citation[]
  readonly confidence: number | null
}

/**
 * @param events  of one conversation, in order
 * @param masks   what the site masks and keeps of its own
 */
export function itemsOf(events: readonly StoredEvent[], masks?: SiteMasks): readonly FoundItem[] {
  const turns = turnsOf(events)
  const brief = briefOf(events)
  const mask = maskFor(events, brief, masks)
  const handoff = events.find(({ body }) => body.type === 'handoffReady')
  const found: FoundItem[] = []
  const beforeHandoff = turns.filter(({ seq }) => !handoff || seq < handoff.seq)
  const lastOfBot = beforeHandoff.findLast(({ by }) => by === 'bot')
  const isUnsolved = brief?.reason === 'notSolvedTwice' || brief?.reason === 'articleDidNotHelp'
  const rating = ratingOf(events)
  const lastOfAgent = turns.findLast(({ by }) => by === 'agent')
  const contested = contestedIn(events, turns)
  const facts = {
    ...(brief?.page.route && { route: redact(brief.page.route, 'derived', masks) }),
    ...(brief?.visitor.role && { role: redact(brief.visitor.role, 'derived', masks) }),
    ...(brief?.visitor.locale && { locale: brief.visitor.locale }),
  }
  const shownAt = (n: number, question: string): Pick<ShownItem, 'question' | 'before' | 'said'> => {
    const until = turns.slice(0, n)
    const asked = until.at(-1)?.by === 'visitor' ? until.slice(0, -1) : until
    return {
      question,
      before: asked.slice(-MAX_BEFORE).map(({ by, texts }) => ({ by, text: mask(texts.join('\n')) })),
      said: until.filter(({ by }) => by === 'visitor').flatMap(({ texts }) => texts.map(mask)),
    }
  }

  for (const [n, turn] of turns.entries()) {
    if (turn.by === 'visitor') continue
    // An agent who comes after the bot answers what the bot was asked.
    const asked = turns.slice(0, n).findLast(({ by }) => by !== 'bot' || turn.by === 'bot')
    // A greeting answers nobody; words that were erased cannot be judged.
    const question = asked?.by === 'visitor' ? mask(asked.texts.join('\n')) : ''
    if (!question) continue
    const kind = turn.by === 'bot' ? 'answer' : 'agent'
    const shown: ShownItem = {
      ...shownAt(n, question),
      answer: turn.texts.slice(0, MAX_ANSWERS).map(mask),
      sources: articlesOf(turn.citations),
      ...(turn.confidence !== null && { confidence: turn.confidence }),
      ...facts,
    }
    found.push({
      name:
        kind === 'answer'
          ? answerName(question, turn.saidAt)
          : ['agent', turn.seq, events[0]?.conversationId ?? ''],
      kind,
      at: turn.at,
      seq: turn.seq,
      agentId: turn.agentId,
      signals: {
        kind,
        isContested: contested.has(turn.seq),
        rating: turn === (lastOfAgent ?? lastOfBot) ? rating : null,
        isUnsolved: kind === 'answer' && isUnsolved && turn === lastOfBot,
        confidence: turn.confidence,
      },
      shown,
    })
  }
  if (handoff && brief) {
    const n = beforeHandoff.length
    const question = mask(
      turns
        .slice(0, n)
        .findLast(({ by }) => by === 'visitor')
        ?.texts.join('\n') ??
        brief.question ??
        '',
    )
    if (question)
      found.push({
        name: ['handoff', handoff.seq, handoff.conversationId],
        kind: 'handoff',
        at: handoff.at,
        seq: handoff.seq,
        agentId: null,
        signals: { kind: 'handoff', isContested: contested.has(handoff.seq) },
        shown: {
          ...shownAt(n, question),
          answer: [],
          sources: (brief.tried ?? [])
            .slice(-MAX_SOURCES)
            .map(({ articleId, title }) => ({ articleId, title })),
          rule: brief.reason,
          ...(brief.because && { because: mask(brief.because) }),
          ...facts,
        },
      })
  }
  return found
}

/** What a page's journal says of an answer; null where the record is none, or does not say what was asked. */
export function itemOfRecord(
  { kind, at, inputs, rule, reason }: JournalRecord,
  receivedAt: number,
  masks?: SiteMasks,
): FoundItem | null {
  if (kind !== 'answered' && kind !== 'missed') return null
  const text = (name: string) => {
    const value = inputs[name]
    return typeof value === 'string' ? clip(redact(value, 'derived', masks)) : ''
  }
  const list = (name: string) => {
    const value = inputs[name]
    return Array.isArray(value) ? value.map(String) : []
  }
  const question = text('question')
  if (!question) return null
  const { confidence: sure } = inputs
  const confidence = typeof sure === 'number' && sure >= 0 && sure <= 1 ? sure : null
  const answer = text('answer')
  const [route, role, locale] = [text('route'), text('role'), text('locale')]
  const reviewed = kind === 'missed' ? 'missed' : 'answer'
  return {
    name: answerName(question, at),
    kind: reviewed,
    at: receivedAt,
    seq: 0,
    agentId: null,
    signals: { kind: reviewed, confidence },
    shown: {
      question,
      before: [],
      said: [question],
      answer: answer ? [answer] : [],
      sources: list('articleIds')
        .slice(0, MAX_SOURCES)
        .map(articleId => ({ articleId, title: articleId })),
      rule: clip(rule),
      because: clip(redact(reason, 'derived', masks)),
      ...(confidence !== null && { confidence }),
      ...(route && { route }),
      ...(role && { role }),
      ...(locale && { locale }),
    },
  }
}

/** A device tells of one answer twice: to its journal, and to the person whom it is handed to. To the second alike. */
const answerName = (question: string, at: number) => ['answer', question, Math.round(at / 1_000)]

/** Who spoke in a row, as one turn. */
function turnsOf(events: readonly StoredEvent[]): readonly Turn[] {
  const turns: Turn[] = []
  for (const { seq, at, saidAt, author, body } of events) {
    if (body.type !== 'message' || author.kind === 'system') continue
    const agentId = author.kind === 'agent' ? author.agentId : null
    const before = turns.at(-1)
    if (before && before.by === author.kind && before.agentId === agentId) {
      before.texts.push(body.text)
      before.citations.push(...(body.citations ?? []))
      before.last = seq
      continue
    }
    const { confidence } = body as { readonly confidence?: unknown }
    turns.push({
      by: author.kind,
      texts: [body.text],
      seq,
      last: seq,
      at,
      saidAt: saidAt ?? at,
      agentId,
      citations: [...(body.citations ?? [])],
      confidence: typeof confidence === 'number' ? confidence : null,
    })
  }
  return turns
}

function briefOf(events: readonly StoredEvent[]): Brief | null {
  const body = events[0]?.body
  return body?.type === 'opened' ? body.brief : null
}

function ratingOf(events: readonly StoredEvent[]): number | null {
  const rated = events.findLast(({ body }) => body.type === 'rated')?.body
  return rated?.type === 'rated' ? rated.score : null
}

/** First seqs of what a visitor contested (E4): the answer that they named, or else the last one before. */
function contestedIn(events: readonly StoredEvent[], turns: readonly Turn[]): ReadonlySet<number> {
  const found = new Set<number>()
  const handoff = events.find(({ body }) => body.type === 'handoffReady')
  for (const { seq, body } of events) {
    if (body.type !== 'contested') continue
    const { about, target } = body
    // That a person was offered is judged with the handoff; labels and ways are not judged here.
    if (about === 'escalation' && handoff) found.add(handoff.seq)
    if (about !== 'answer') continue
    const answers = turns.filter(turn => turn.by !== 'visitor')
    const named = events.find(event => event.clientId === target || event.seq === target)?.seq
    const turn =
      named === undefined
        ? answers.findLast(each => each.seq < seq)
        : answers.find(each => each.seq <= named && named <= each.last)
    if (turn) found.add(turn.seq)
  }
  return found
}

function articlesOf(citations: readonly Citation[]): readonly ReviewedArticle[] {
  const found = new Map<string, ReviewedArticle>()
  for (const { articleId, title, headingId, headingText } of citations)
    if (!found.has(`${articleId} ${headingId}`))
      found.set(`${articleId} ${headingId}`, {
        articleId,
        title,
        ...(headingId && { headingId }),
        ...(headingText && { headingText }),
      })
  return [...found.values()].slice(0, MAX_SOURCES)
}

const clip = (text: string) =>
  text.length > MAX_TURN_CHARS ? `${[...text].slice(0, MAX_TURN_CHARS - 1).join('')}…` : text

/** Shorter ones are words of the language too often. */
const MIN_NAME_CHARS = 3

/** Masks, and takes out whom the conversation knows by name, whole or by the first one. */
function maskFor(
  events: readonly StoredEvent[],
  brief: Brief | null,
  masks: SiteMasks | undefined,
): (text: string) => string {
  const names = new Set<string>()
  const know = (name: string | undefined) => {
    const whole = name?.trim() ?? ''
    for (const each of [whole, whole.split(/\s+/)[0] ?? '', whole.split(/\s+/).at(-1) ?? ''])
      if (each.length >= MIN_NAME_CHARS) names.add(each)
  }
  know(brief?.visitor.name)
  for (const { author, body } of events) {
    if (author.kind === 'visitor' || author.kind === 'agent') know(author.name)
    if (body.type === 'assigned') know(body.agent?.name)
  }
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  const pattern =
    longestFirst.length > 0
      ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'gu')
      : null
  return text => {
    const masked = redact(text, 'derived', masks)
    return clip((pattern ? masked.replace(pattern, '[name]') : masked).trim())
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
