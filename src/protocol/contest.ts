// What a visitor objects to, and what a person says to that: a fold of a conversation's events. Pure; both ends and the
// server run it, so that all of them mean the same by "open". Holds no time limit: when one is due is the server's.

import type { EventBody, StoredEvent } from './events'

/** What a machine did that can be objected to. */
export const CONTEST_ABOUT = [
  'answer',
  'category',
  'priority',
  'channel',
  'escalation',
  'suggestion',
] as const
export type ContestAbout = (typeof CONTEST_ABOUT)[number]

/** An objection, and its answer once there is one. */
export interface Contest {
  /** Of its `contested` event. */
  readonly seq: number
  readonly at: number
  readonly about: ContestAbout
  /** Which one: the clientId of a message, the id of an article, or a seq; absent: whatever was decided last. */
  readonly target?: string | number
  readonly words?: string
  readonly answer: {
    readonly outcome: 'upheld' | 'changed'
    readonly words: string
    readonly by: string
    readonly at: number
  } | null
}

/** Of a newer server there may be others: they are kept, and mean nothing here. */
export const isKnownContest = (body: EventBody): boolean =>
  body.type === 'contested'
    ? CONTEST_ABOUT.includes(body.about)
    : body.type === 'contestAnswered' && (body.outcome === 'upheld' || body.outcome === 'changed')

/** In the order in which they were raised. The first answer to each counts; an answer to none says nothing. */
export function contestsOf(
  events: readonly Pick<StoredEvent, 'seq' | 'at' | 'author' | 'body'>[],
): Contest[] {
  const contests: Contest[] = []
  for (const { seq, at, author, body } of events) {
    if (!isKnownContest(body)) continue
    if (body.type === 'contested') {
      const { about, target, words } = body
      contests.push({
        seq,
        at,
        about,
        ...((typeof target === 'string' || typeof target === 'number') && { target }),
        ...(words && { words }),
        answer: null,
      })
    }
    if (body.type !== 'contestAnswered') continue
    const at0 = contests.findIndex(each => each.seq === body.contest)
    const contest = contests[at0]
    if (!contest || contest.answer) continue
    const { outcome, words } = body
    const by = author.kind === 'agent' ? author.name : ''
    contests[at0] = { ...contest, answer: { outcome, words, by, at } }
  }
  return contests
}

export const openContests = (contests: readonly Contest[]): Contest[] =>
  contests.filter(({ answer }) => answer === null)
