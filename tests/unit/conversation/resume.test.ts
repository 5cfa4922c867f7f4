// What a tab remembers: the marks of what a flow said too, and never more than a site's storage can spare.

import { expect, test } from 'vitest'
import type { SafeStorage } from '../../../src/base/safeStorage'
import type { AnswerSource } from '../../../src/bot/botProvider'
import { freshConversation, recall, remember } from '../../../src/conversation/resume'
import { buildTimeline, type LocalTurn } from '../../../src/conversation/timeline'

function memory(): SafeStorage {
  let kept: string | null = null
  return {
    kind: 'memory',
    get: () => kept,
    set: (_, value) => {
      kept = value
    },
  }
}

const source: AnswerSource = {
  kind: 'flow',
  flowId: 'f',
  step: 'a',
  tree: [{ t: 'p', c: [{ t: 'b', c: ['Open'] }, ' the order.'] }],
}
const turn = (clientId: string, text = 'Open the order.'): LocalTurn => ({
  clientId,
  author: { kind: 'bot' },
  text,
  source,
  at: 1,
})

test('marks of what was said are there after a reload', () => {
  const tab = memory()
  remember(tab, { ...freshConversation(1), turns: [turn('a')] })
  expect(recall(tab)?.turns[0]?.source).toEqual(source)
})

test('and after the handoff, when the server has the words alone', () => {
  const [item] = buildTimeline({
    sources: new Map([['a', source]]),
    events: [
      {
        conversationId: 'c',
        seq: 1,
        at: 2,
        clientId: 'a',
        author: { kind: 'bot' },
        origin: 'device',
        body: { type: 'message', text: 'Open the order.', format: 'plain' },
      } as never,
    ],
    rows: [],
    me: { kind: 'visitor' },
    isOwn: author => author.kind !== 'agent',
  })
  expect(item).toMatchObject({ kind: 'message', text: 'Open the order.', source: { tree: source.tree } })
})

test('a long conversation gives up its oldest turns, and sources, until it fits', () => {
  const tab = memory()
  const long = 'x'.repeat(4_000)
  const turns = Array.from({ length: 150 }, (_, i) => turn(`t${i}`, long))
  const sources = Array.from({ length: 200 }, (_, i) => [`s${i}`, { ...source, flowId: long }] as const)
  remember(tab, { ...freshConversation(1), turns, sources })
  expect(tab.get('')?.length).toBeLessThanOrEqual(400_000)
  const kept = recall(tab)
  expect(kept?.turns.at(-1)?.clientId).toBe('t149')
  expect(kept?.sources.at(-1)?.[0]).toBe('s199')
  // Two turns that are too long by themselves are kept, and it ends.
  remember(tab, {
    ...freshConversation(1),
    turns: [turn('a', 'x'.repeat(300_000)), turn('b', 'x'.repeat(300_000))],
    sources,
  })
  expect(recall(tab)?.turns).toHaveLength(2)
})
