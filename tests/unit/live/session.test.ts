// Scenes of the live half on one device, each of something that a visitor saw once. Directly on `step`: no clock, no
// disk, no server; the test says what happens, and looks at what the session makes of it.

import { describe, expect, test } from 'vitest'
import type { OutboxRow } from '../../../src/live/outbox'
import {
  type Answer,
  type Asked,
  type Effect,
  emptySession,
  type Input,
  type Session,
  step,
} from '../../../src/live/session'
import type { TabMessage, Thread } from '../../../src/live/tabs'
import type { StoredEvent } from '../../../src/protocol/events'
import { EMPTY_STATE } from '../../../src/protocol/phase'
import { BRIEF, frozen, IDENTITY, rowOf, wishDraft, wordDraft } from './sessionWorld'

const NOON = 1_700_000_000_000
const HOUR = 3_600_000
const OPENED: Thread = { openId: 'open-mine-1', conversationId: 'conversation-1', epoch: 'epoch-1' }
const UNOPENED: Thread = { ...OPENED, conversationId: null, epoch: '' }

/** One tab. */
function page(knows: Partial<Session> = {}) {
  let session: Session = { ...emptySession(IDENTITY), ...knows }
  let now = NOON
  let ids = 0
  const tab = {
    get session() {
      return session
    },
    on(input: Input): readonly Effect[] {
      const at = { now, random: () => 0.5, randomId: () => `made-${String(++ids).padStart(8, '0')}` }
      const next = step(frozen(session), frozen(input), at)
      session = next.session
      return next.effects
    },
    hear: (message: TabMessage) => tab.on({ type: 'heard', message }),
    /** All that was to be saved is on the disk. */
    saved(): readonly Effect[] {
      const all: Effect[] = []
      while (session.saving > 0) all.push(...tab.on({ type: 'saved' }))
      return all
    },
    answer: (asked: Asked, answer: Answer) => tab.on({ type: 'answered', asked, answer }),
    wait(ms: number) {
      now += ms
    },
    texts: () => session.rows.map(row => row.clientId),
    states: () => Object.fromEntries(session.rows.map(row => [row.clientId, row.state])),
  }
  return tab
}

const did = <Kind extends Effect['do']>(effects: readonly Effect[], kind: Kind) =>
  effects.filter((effect): effect is Extract<Effect, { do: Kind }> => effect.do === kind)
const asked = (effects: readonly Effect[]): readonly Asked[] =>
  did(effects, 'ask').map(effect => effect.asked)
const theOnly = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1)
  return list[0] as T
}
const handedBack = (effects: readonly Effect[]) =>
  did(effects, 'handBack').flatMap(({ rows }) => rows.map(row => row.clientId))
const told = (effects: readonly Effect[]) => [
  ...did(effects, 'tell').map(effect => effect.message),
  ...did(effects, 'save').flatMap(effect => effect.tell),
]

const event = (seq: number, clientId = `stored-${seq}-0`): StoredEvent => ({
  conversationId: 'conversation-1',
  seq,
  clientId,
  at: NOON,
  author: { kind: 'visitor' },
  body: { type: 'message', text: clientId, format: 'plain' },
})
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n + 1))
const pageOf = (shown: readonly StoredEvent[], epoch = 'epoch-1', head = shown.length): Answer => ({
  ok: true,
  events: shown,
  head,
  epoch,
})
const row = (clientId: string, change: Partial<OutboxRow> = {}) =>
  rowOf({ clientId, thread: OPENED.openId, queuedAt: NOON, order: NOON, ...change })
const opening = (openId: string, change: Partial<OutboxRow> = {}) =>
  rowOf({ clientId: openId, thread: openId, brief: BRIEF, order: 0, queuedAt: NOON, ...change })
const refused = (code: 'closed' | 'forbidden' | 'not_found' | 'too_large'): Answer => ({
  ok: false,
  code,
  retry: false,
})
const SILENCE: Answer = { ok: false, code: 'no_answer', retry: true }

/** Leads an open conversation, is online, and has seen its `count` events. */
function leading(count = 1, rows: readonly OutboxRow[] = []) {
  const tab = page()
  tab.on({ type: 'loaded', thread: OPENED, rows: [], events: [] })
  tab.on({ type: 'led', rows, thread: OPENED })
  tab.saved()
  const sync = theOnly(asked(tab.on({ type: 'link', link: 'online' })))
  const then = tab.answer(sync, pageOf(events(count)))
  return { tab, then }
}

test('a page that heard of the conversation while it still read its own copy shows every message once', () => {
  const tab = page()
  tab.hear({ type: 'thread', thread: OPENED })
  tab.hear({
    type: 'page',
    thread: OPENED.openId,
    after: 0,
    page: { events: events(2), head: 2, epoch: 'epoch-1' },
  })
  tab.on({
    type: 'loaded',
    thread: OPENED,
    rows: [row('word-unsent'), row('stored-2-0')],
    events: events(2),
  })
  expect(tab.session.events.map(({ seq }) => seq)).toEqual([1, 2])
  // What only the disk knew is there now, and what was stored meanwhile does not stand below once more.
  expect(tab.texts()).toEqual(['word-unsent'])
})

describe('messages of an earlier conversation do not stand in the new one after a page was killed on leaving', () => {
  test('the first events of a conversation make room in the copy, later ones are added', () => {
    const { tab, then } = leading(2)
    expect(theOnly(did(then, 'cache'))).toMatchObject({
      conversationId: 'conversation-1',
      epoch: 'epoch-1',
      dropsOthers: true,
    })
    const more = tab.on({
      type: 'events',
      push: { conversationId: 'conversation-1', epoch: 'epoch-1', events: [event(3)] },
    })
    expect(theOnly(did(more, 'cache'))).toMatchObject({ dropsOthers: false, events: [{ seq: 3 }] })
  })

  test('[D4] so does another incarnation of the same conversation', () => {
    const { tab } = leading(2)
    tab.on({ type: 'head', push: { conversationId: 'conversation-1', epoch: 'epoch-2', head: 1 } })
    const sync = theOnly(asked(tab.on({ type: 'timer', timer: 'gap' })))
    const then = tab.answer(sync, pageOf([], 'epoch-2', 1))
    expect(did(then, 'cache')[0]).toMatchObject({ epoch: 'epoch-2', events: [], dropsOthers: true })
  })
})

test('the thread does not go blank because a new leader that has read nothing answers for it', () => {
  const tab = page()
  tab.on({ type: 'led', rows: [], thread: OPENED })
  const want: TabMessage = { type: 'want', thread: OPENED.openId, after: 5, epoch: 'epoch-1' }
  expect(told(tab.hear(want))).toEqual([])
  const sync = theOnly(asked(tab.on({ type: 'link', link: 'online' })))
  tab.answer(sync, pageOf(events(6)))
  expect(told(tab.hear(want))).toMatchObject([{ type: 'page', after: 5, page: { head: 6 } }])
})

describe('[D17] two tabs ask for a person at once', () => {
  const others = (queuedAt = NOON) => [
    opening('open-other-1', { queuedAt }),
    rowOf({ clientId: 'word-other', thread: 'open-other-1', order: queuedAt, queuedAt }),
  ]

  test('the leader’s conversation holds, and what was said in the other one joins it', () => {
    const { tab } = leading()
    const save = theOnly(did(tab.hear({ type: 'rows', thread: 'open-other-1', rows: others() }), 'save'))
    expect(save).toMatchObject({
      rows: [{ clientId: 'word-other', thread: OPENED.openId }],
      forget: ['open-other-1'],
    })
    expect(theOnly(asked(tab.saved()))).toMatchObject({ call: 'send', ids: ['word-other'] })
  })

  test('the other tab is told which one holds, and brings its words along', () => {
    const other = page({
      thread: { ...UNOPENED, openId: 'open-other-1' },
      rows: others(),
      typedHere: ['word-other'],
    })
    const then = other.hear({ type: 'thread', thread: OPENED, isLeaders: true })
    expect(other.session.thread).toEqual(OPENED)
    expect(other.session.rows).toMatchObject([{ clientId: 'word-other', thread: OPENED.openId }])
    expect(told(then)).toContainEqual({ type: 'hello' })
    // When that conversation is left, the words are given back where they were typed.
    expect(handedBack(other.hear({ type: 'thread', thread: null }))).toEqual(['word-other'])
  })

  test('the words join also when the other tab dies before it hears of it', () => {
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows: [], events: [] })
    const saves = did(tab.on({ type: 'led', rows: others(), thread: OPENED }), 'save')
    expect(saves).toMatchObject([
      { rows: [{ clientId: 'word-other', thread: OPENED.openId }] },
      // Behind that: the other tab, if it is there after all, hears that it brings its words along.
      { tell: [{ type: 'thread', isLeaders: true }] },
    ])
  })

  test('a leader that opens one says that it holds: a tab with an older wish brings its words along', () => {
    const tab = page()
    tab.on({ type: 'led', rows: [], thread: null })
    const opened = tab.on({
      type: 'opened',
      brief: BRIEF,
      earlierTurns: [],
      handoff: wishDraft('wish-mine-1'),
    })
    expect(told(opened)).toContainEqual(expect.objectContaining({ type: 'thread', isLeaders: true }))
  })

  test('whose words join late leaves the conversation’s id on the disk: the next page goes on in it', () => {
    const tab = page()
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    tab.hear({ type: 'thread', thread: UNOPENED, isLeaders: true })
    const then = tab.hear({ type: 'thread', thread: OPENED })
    expect(theOnly(did(then, 'save')).thread).toEqual(OPENED)
  })

  test('while nobody leads: who leads then says that its own holds, behind what it saves', () => {
    const tab = page()
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    const then = tab.on({ type: 'led', rows: others(), thread: null })
    expect(tab.texts()).toContain('word-other')
    expect(did(then, 'save').at(-1)?.tell).toMatchObject([{ type: 'thread', isLeaders: true }])
  })

  test('while nobody leads: what the other has opened by then holds, and the words join it', () => {
    const tab = page()
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    tab.on({ type: 'led', rows: [], thread: OPENED })
    tab.saved()
    expect(tab.session.rows).toMatchObject([{ clientId: 'wish-mine-1', thread: OPENED.openId }])
    expect(asked(tab.on({ type: 'link', link: 'online' }))).toMatchObject([{ call: 'sync' }])
  })

  test('a leader that has no conversation takes up that of a tab that comes, but not the one that it left', () => {
    const { tab } = leading()
    tab.on({ type: 'left', forgetsSecret: false })
    tab.hear({ type: 'thread', thread: OPENED })
    expect(tab.session.thread).toBeNull()
    const other: Thread = { ...UNOPENED, openId: 'open-other-1' }
    tab.hear({ type: 'thread', thread: other })
    const then = tab.hear({ type: 'rows', thread: 'open-other-1', rows: others() })
    expect(theOnly(asked(then))).toMatchObject({ call: 'open', ids: ['open-other-1'] })
  })

  test('after an hour’s sleep the words are handed back instead of being sent to somebody else', () => {
    const { tab } = leading()
    tab.wait(HOUR)
    const then = tab.hear({ type: 'rows', thread: 'open-other-1', rows: others(NOON) })
    expect(handedBack(then)).toEqual(['word-other'])
    expect(theOnly(did(then, 'save'))).toMatchObject({ rows: [], forget: ['open-other-1'] })
    expect(asked(tab.saved())).toEqual([])
  })

  test('[D21] words that join never go before the opening of the conversation that they join', () => {
    const tab = page()
    tab.on({ type: 'led', rows: [], thread: null })
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    tab.hear({ type: 'rows', thread: 'open-other-1', rows: others(NOON - 500) })
    tab.on({ type: 'link', link: 'online' })
    const open = theOnly(asked(tab.saved()))
    expect(open.call).toBe('open')
    expect(tab.texts()).toEqual([tab.session.thread?.openId, 'word-other', 'wish-mine-1'])
  })

  test('a disk too full to let them join keeps nothing that a later page would send again', () => {
    const { tab } = leading()
    const then = tab.hear({ type: 'rows', thread: 'open-other-1', rows: others() })
    expect(theOnly(did(then, 'save'))).toMatchObject({ orNothing: true, thread: OPENED })
  })
})

test('[D21] the opening is forgotten only with the conversation’s id saved: a killed page does not open twice', () => {
  const tab = page()
  tab.on({ type: 'led', rows: [], thread: null })
  tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
  tab.on({ type: 'link', link: 'online' })
  const open = theOnly(asked(tab.saved()))
  const then = tab.answer(open, {
    ok: true,
    conversationId: 'conversation-1',
    epoch: 'epoch-1',
    head: 1,
  } as Answer)
  const save = theOnly(did(then, 'save').filter(({ forget }) => forget.includes(open.openId)))
  expect(save.thread).toMatchObject({ openId: open.openId, conversationId: 'conversation-1' })
})

test('the conversation that a leader opened before it was gone is known from the disk', () => {
  const tab = page({ thread: OPENED, leads: false })
  const again = { ...OPENED, conversationId: 'conversation-2', epoch: 'epoch-2' }
  tab.on({ type: 'led', rows: [], thread: again })
  expect(theOnly(asked(tab.on({ type: 'link', link: 'online' })))).toMatchObject({
    call: 'sync',
    body: { conversationId: 'conversation-2' },
  })
})

test('a row that another tab still believes on its way holds nothing up', () => {
  const { tab } = leading()
  const then = tab.hear({
    type: 'rows',
    thread: OPENED.openId,
    rows: [opening(OPENED.openId, { state: 'sending' }), row('word-next')],
  })
  const open = theOnly(asked(then))
  expect(open.call).toBe('open')
  const opened = { ok: true, conversationId: OPENED.conversationId, epoch: OPENED.epoch, head: 1 } as Answer
  tab.answer(open, opened)
  expect(asked(tab.saved())).toMatchObject([{ call: 'send', ids: ['word-next'] }])
})

describe('words of a tab that was closed at once', () => {
  test('are handed back by the next leader, where no conversation is left', () => {
    const tab = page()
    expect(handedBack(tab.on({ type: 'led', rows: [row('word-late')], thread: null }))).toEqual(['word-late'])
  })

  test('are handed back where another conversation holds by now', () => {
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows: [], events: [] })
    const late = rowOf({ clientId: 'word-late', thread: 'open-before', queuedAt: NOON })
    expect(handedBack(tab.on({ type: 'led', rows: [late], thread: OPENED }))).toEqual(['word-late'])
    expect(tab.texts()).toEqual([])
  })

  test('are found by the leader that is there, and sent once', () => {
    const { tab } = leading()
    const found = tab.on({ type: 'found', rows: [row('word-late'), row('stored-1-0')] })
    const send = theOnly(asked(found))
    expect(send).toMatchObject({ call: 'send', ids: ['word-late'] })
    // Looked at again before it is answered, and told of by a tab that was only slow.
    expect(asked(tab.on({ type: 'found', rows: [row('word-late')] }))).toEqual([])
    expect(asked(tab.hear({ type: 'rows', thread: OPENED.openId, rows: [row('word-late')] }))).toEqual([])
    expect(tab.texts()).toEqual(['word-late'])
  })

  test('what failed here stays failed, though a full disk says that it waits', () => {
    const failed = row('word-failed', { state: { failed: 'forbidden' }, attempts: 1 })
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows: [failed], events: [] })
    tab.on({ type: 'led', rows: [row('word-failed')], thread: OPENED })
    expect(tab.session.rows).toMatchObject([{ clientId: 'word-failed', state: { failed: 'forbidden' } }])
    tab.on({ type: 'found', rows: [row('word-failed')] })
    expect(tab.session.rows).toMatchObject([{ clientId: 'word-failed', state: { failed: 'forbidden' } }])
  })

  test('that were thrown away stay so, though a full disk still holds them and another tab believes it', () => {
    const { tab } = leading(1, [row('word-failed', { state: { failed: 'forbidden' } })])
    tab.on({ type: 'discarded', clientId: 'word-failed' })
    const found = tab.on({ type: 'found', rows: [row('word-failed')] })
    expect(tab.texts()).toEqual([])
    // The disk has room again, perhaps.
    expect(theOnly(did(found, 'save')).forget).toEqual(['word-failed'])
    const heard = tab.hear({ type: 'rows', thread: OPENED.openId, rows: [row('word-failed')] })
    expect(tab.texts()).toEqual([])
    expect(told(heard)).toMatchObject([{ type: 'gone', clientIds: ['word-failed'] }])
  })

  test('that were handed back are not handed back twice, nor sent in the next conversation', () => {
    const { tab } = leading()
    const late = rowOf({ clientId: 'word-late', thread: 'open-before', queuedAt: NOON - HOUR })
    expect(handedBack(tab.on({ type: 'found', rows: [late] }))).toEqual(['word-late'])
    expect(handedBack(tab.on({ type: 'found', rows: [late] }))).toEqual([])
    const opened = [opening('open-before', { queuedAt: NOON }), { ...late, queuedAt: NOON }]
    tab.hear({ type: 'rows', thread: 'open-before', rows: opened })
    expect(tab.texts()).toEqual([])
    expect(tab.session.gone).toContain('word-late')
  })

  test('of another conversation go back to the visitor once no tab can be about to tell of them', () => {
    const { tab } = leading()
    const late = rowOf({ clientId: 'word-late', thread: 'open-before', queuedAt: NOON })
    expect(handedBack(tab.on({ type: 'found', rows: [late] }))).toEqual([])
    tab.wait(11_000)
    expect(handedBack(tab.on({ type: 'found', rows: [late] }))).toEqual(['word-late'])
    expect(tab.texts()).toEqual([])
  })

  test('are sent by the next leader, where their conversation is still there', () => {
    const { then } = leading(1, [row('word-late')])
    expect(asked(then)).toMatchObject([{ call: 'send', ids: ['word-late'] }])
  })
})

test('a conversation that nobody saved before its tab was gone is let go: nobody waits for it for ever', () => {
  const tab = page()
  tab.hear({ type: 'thread', thread: UNOPENED })
  tab.hear({ type: 'rows', thread: UNOPENED.openId, rows: [row('word-heard')] })
  const then = tab.on({ type: 'led', rows: [], thread: null })
  expect(tab.session.thread).toBeNull()
  expect(handedBack(then)).toEqual(['word-heard'])
  expect(did(then, 'leave')).toHaveLength(1)
})

test('after a logout that did not wait for the disk, a tab that still shows the conversation does not bring it back', () => {
  const tab = page()
  tab.on({ type: 'left', forgetsSecret: true })
  tab.hear({ type: 'thread', thread: OPENED })
  expect(tab.session.thread).toBeNull()
  // What the next person begins is led by somebody.
  tab.hear({ type: 'thread', thread: OPENED, isLeaders: true })
  expect(tab.session.thread).toEqual(OPENED)
})

describe('after a logout nothing is handed back', () => {
  test('not in the tab that signs out', () => {
    const { tab } = leading(1, [row('word-private')])
    const then = tab.on({ type: 'left', forgetsSecret: true })
    expect(handedBack(then)).toEqual([])
    expect(did(then, 'leave')).toMatchObject([{ forgetsSecret: true }])
    expect(tab.session.rows).toEqual([])
  })

  test('not in a tab that hears of it', () => {
    const tab = page()
    tab.hear({ type: 'thread', thread: OPENED })
    tab.on({ type: 'typed', draft: wordDraft('word-private') })
    const then = tab.hear({ type: 'thread', thread: null, isLogout: true })
    expect(handedBack(then)).toEqual([])
    expect(tab.session.rows).toEqual([])
  })

  test('not in a tab that takes over and had read the disk before', () => {
    const tab = page()
    tab.hear({ type: 'thread', thread: null, isLogout: true })
    const then = tab.on({ type: 'led', rows: [row('word-private')], thread: OPENED })
    expect(handedBack(then)).toEqual([])
    expect(tab.session.thread).toBeNull()
  })

  test('but after a conversation was only left, each tab gives back what was typed in it', () => {
    const tab = page()
    tab.hear({ type: 'thread', thread: OPENED })
    tab.on({ type: 'typed', draft: wordDraft('word-mine') })
    tab.hear({ type: 'rows', thread: OPENED.openId, rows: [row('word-theirs')] })
    expect(handedBack(tab.hear({ type: 'thread', thread: null }))).toEqual(['word-mine'])
  })
})

describe('a conversation that the server says is not this visitor’s', () => {
  /** Online, and the first question has gone out. */
  function asking(rows: readonly OutboxRow[] = []) {
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows, events: [] })
    tab.on({ type: 'led', rows, thread: OPENED })
    tab.saved()
    return { tab, sync: theOnly(asked(tab.on({ type: 'link', link: 'online' }))) }
  }

  test.each(['forbidden', 'not_found'] as const)('is let go when nothing unsent is left: %s', code => {
    const { tab, sync } = asking()
    expect(did(tab.answer(sync, refused(code)), 'leave')).toHaveLength(1)
    expect(tab.session.thread).toBeNull()
  })

  test('is let go also when the first question about it had no answer', () => {
    const { tab, sync } = asking()
    const then = tab.answer(sync, SILENCE)
    expect(did(then, 'after').map(({ timer }) => timer)).toContain('gap')
    const again = theOnly(asked(tab.on({ type: 'timer', timer: 'gap' })))
    expect(did(tab.answer(again, refused('forbidden')), 'leave')).toHaveLength(1)
  })

  test('stays while words are unsent, which fail in sight, and goes with the last of them', () => {
    const { tab, sync } = asking([row('word-1-0'), row('word-2-0', { order: NOON + 1 })])
    let next = tab.answer(sync, refused('forbidden'))
    for (let n = 0; n < 2; n++)
      next = [...tab.answer(theOnly(asked(next)), refused('forbidden')), ...tab.saved()]
    expect(tab.states()).toEqual({ 'word-1-0': { failed: 'forbidden' }, 'word-2-0': { failed: 'forbidden' } })
    expect(did(next, 'leave')).toEqual([])
    expect(asked(tab.on({ type: 'discarded', clientId: 'word-1-0' }))).toEqual([])
    const last = theOnly(asked(tab.on({ type: 'discarded', clientId: 'word-2-0' })))
    expect(did(tab.answer(last, refused('forbidden')), 'leave')).toHaveLength(1)
  })

  test('goes also when the last of them is thrown away in another tab', () => {
    const { tab, sync } = asking([row('word-1-0')])
    tab.answer(theOnly(asked(tab.answer(sync, refused('forbidden')))), refused('forbidden'))
    const then = tab.hear({ type: 'gone', thread: OPENED.openId, clientIds: ['word-1-0'] })
    expect(did(tab.answer(theOnly(asked(then)), refused('forbidden')), 'leave')).toHaveLength(1)
  })

  test('is not kept for a mark or a bot’s turn, which nobody could throw away', () => {
    const { tab, sync } = asking([row('bots-turn', { draft: { ...wordDraft('bots-turn'), as: 'bot' } })])
    const send = theOnly(asked(tab.answer(sync, refused('forbidden'))))
    const then = tab.answer(send, refused('forbidden'))
    expect(did(tab.answer(theOnly(asked(then)), refused('forbidden')), 'leave')).toHaveLength(1)
  })
})

test('[D4] words that were sent and that a restored backup does not have go out once more, under the same id', () => {
  const { tab } = leading()
  tab.on({ type: 'typed', draft: wordDraft('word-sent') })
  const send = theOnly(asked(tab.saved()))
  tab.answer(send, { ok: true, results: [{ clientId: 'word-sent', seq: 2, at: NOON }] })
  expect(tab.states()).toEqual({ 'word-sent': 'sent' })

  tab.on({ type: 'head', push: { conversationId: 'conversation-1', epoch: 'epoch-2', head: 1 } })
  const sync = theOnly(asked(tab.on({ type: 'timer', timer: 'gap' })))
  const voided = theOnly(asked(tab.answer(sync, pageOf([], 'epoch-2', 1))))
  const then = tab.answer(voided, pageOf(events(1), 'epoch-2'))
  expect(theOnly([...asked(then), ...asked(tab.saved())])).toMatchObject({
    call: 'send',
    ids: ['word-sent'],
    body: { drafts: [wordDraft('word-sent')] },
  })
})

test('a word that failed stays failed when another page repeats its old copy, and goes on a new wish alone', () => {
  const { tab, then } = leading(1, [row('word-long')])
  tab.answer(theOnly(asked(then)), refused('too_large'))
  const copy = row('word-long')
  expect(asked(tab.hear({ type: 'rows', thread: OPENED.openId, rows: [copy] }))).toEqual([])
  expect(tab.states()).toEqual({ 'word-long': { failed: 'too_large' } })
  tab.saved()
  const wish = { ...copy, queuedAt: NOON + 1, isConfirmed: true }
  expect(asked(tab.hear({ type: 'rows', thread: OPENED.openId, rows: [wish] }))).toHaveLength(1)
})

describe('a turn from before the handoff that is refused because the conversation has ended', () => {
  test('is asked about and then fails in sight, where the visitor said it', () => {
    const { tab, then } = leading(1, [row('turn-mine', { isEarlier: true })])
    tab.answer(theOnly(asked(then)), refused('closed'))
    expect(tab.states()).toEqual({ 'turn-mine': 'needsConfirm' })
    tab.saved()
    tab.on({ type: 'retried', clientId: 'turn-mine' })
    tab.answer(theOnly(asked(tab.saved())), refused('closed'))
    expect(tab.states()).toEqual({ 'turn-mine': { failed: 'closed' } })
  })

  test('goes without a word, where the bot said it', () => {
    const turn = row('turn-bots', { isEarlier: true, draft: { ...wordDraft('turn-bots'), as: 'bot' } })
    const { tab, then } = leading(1, [turn])
    tab.answer(theOnly(asked(then)), refused('closed'))
    expect(tab.texts()).toEqual([])
  })
})

describe('a conversation that was let go of stays so', () => {
  const left = () => {
    const { tab } = leading()
    tab.on({ type: 'left', forgetsSecret: false })
    return tab
  }

  test('a page that found it on the disk hears so, and the disk forgets it once more', () => {
    const then = left().hear({ type: 'thread', thread: OPENED })
    expect(theOnly(did(then, 'leave'))).toMatchObject({ openId: OPENED.openId })
  })

  test('although the leader has not heard of it yet', () => {
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows: [], events: [] })
    tab.on({ type: 'left', forgetsSecret: false })
    tab.hear({ type: 'thread', thread: OPENED, isLeaders: true })
    expect(tab.session.thread).toBeNull()
  })

  test('and the one that was begun since is not dropped for it', () => {
    const tab = left()
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    const { thread } = tab.session
    tab.hear({ type: 'thread', thread: null, openId: OPENED.openId })
    expect(tab.session.thread).toBe(thread)
    // A tab that still shows the old one hears which one holds.
    expect(told(tab.hear({ type: 'thread', thread: OPENED }))).toMatchObject([{ type: 'thread', thread }])
  })

  test('and the next leader still finds another one that was saved in its tab’s last moment', () => {
    const tab = page()
    tab.on({ type: 'loaded', thread: OPENED, rows: [], events: [] })
    tab.on({ type: 'left', forgetsSecret: false })
    const other: Thread = { ...UNOPENED, openId: 'open-other-1' }
    tab.on({ type: 'led', rows: [opening('open-other-1')], thread: other })
    expect(tab.session.thread).toEqual(other)
  })

  test('what others handed back is not handed back here, too', () => {
    const { tab } = leading(1, [row('word-theirs')])
    tab.hear({ type: 'thread', thread: null, openId: OPENED.openId })
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    tab.wait(HOUR)
    expect(handedBack(tab.on({ type: 'found', rows: [row('word-theirs')] }))).toEqual([])
  })
})

test('[D4] a word that a restored backup does not have is taken again, though this tab had seen it stored', () => {
  const { tab } = leading(2, [row('stored-2-0')])
  tab.on({ type: 'link', link: 'offline' })
  const sync = theOnly(asked(tab.on({ type: 'link', link: 'online' })))
  tab.answer(sync, pageOf(events(1), 'epoch-2'))
  tab.hear({ type: 'rows', thread: OPENED.openId, rows: [row('stored-2-0')] })
  expect(tab.texts()).toEqual(['stored-2-0'])
})

test('[D4] a word whose ok came from an incarnation that is no more goes again once all there is was read', () => {
  const { tab, then } = leading(1, [row('word-sent')])
  const send = theOnly(asked(then))
  tab.on({ type: 'head', push: { conversationId: 'conversation-1', epoch: 'epoch-2', head: 3 } })
  const first = theOnly(asked(tab.on({ type: 'timer', timer: 'gap' })))
  const second = theOnly(asked(tab.answer(first, pageOf([], 'epoch-2', 3))))
  tab.answer(send, { ok: true, results: [{ clientId: 'word-sent', seq: 4, at: NOON }] } as Answer)
  expect(tab.states()).toEqual({ 'word-sent': 'sent' })
  // A second backup is put back before anything of the first was shown.
  tab.answer(second, pageOf([], 'epoch-3', 0))
  expect(asked(tab.saved())).toMatchObject([{ call: 'send', ids: ['word-sent'] }])
})

test('a row that the leader keeps although another tab threw it away can be told of again', () => {
  const { tab } = leading(1, [row('word-kept')])
  for (let n = 0; n < 3; n++)
    tab.hear({ type: 'gone', thread: OPENED.openId, clientIds: ['word-kept', 'word-old'] })
  expect(tab.texts()).toEqual(['word-kept'])
  expect(tab.session.gone).toEqual(['word-old'])
})

describe('a disk read that ends late does not bring back a conversation that was let go', () => {
  const late: Input = { type: 'loaded', thread: OPENED, rows: [row('word-old')], events: events(2) }

  test('here', () => {
    const tab = page()
    tab.on({ type: 'left', forgetsSecret: false })
    expect(tab.on(late)).toEqual([])
    expect(tab.session).toMatchObject({ thread: null, rows: [], events: [] })
  })

  test('in another tab', () => {
    const tab = page()
    tab.hear({ type: 'thread', thread: null })
    tab.on(late)
    expect(tab.session).toMatchObject({ thread: null, rows: [], events: [] })
  })

  test('and does not take the place of the one that was begun since', () => {
    const tab = page()
    tab.on({ type: 'left', forgetsSecret: false })
    tab.on({ type: 'opened', brief: BRIEF, earlierTurns: [], handoff: wishDraft('wish-mine-1') })
    const { thread } = tab.session
    tab.on(late)
    tab.on({ type: 'led', rows: tab.session.rows, thread: OPENED })
    expect(tab.session.thread).toBe(thread)
    expect(tab.texts()).not.toContain('word-old')
  })
})

test('words behind a handoff that lay too long go when it is thrown away in another tab', () => {
  const wish = row('wish-old-1', { draft: wishDraft('wish-old-1'), queuedAt: NOON - HOUR, order: 1 })
  const { tab, then } = leading(1, [wish, row('word-new')])
  expect(asked([...then, ...tab.saved()])).toEqual([])
  expect(tab.states()).toMatchObject({ 'wish-old-1': 'needsConfirm' })
  const gone = tab.hear({ type: 'gone', thread: OPENED.openId, clientIds: ['wish-old-1'] })
  expect(asked(gone).flatMap(each => ('ids' in each ? each.ids : []))).toEqual(['word-new'])
})

test('[D11] a word whose answer was lost an hour ago is looked up before the visitor is asked about it', () => {
  const { tab } = leading()
  tab.on({ type: 'typed', draft: wordDraft('word-stored') })
  const send = theOnly(asked(tab.saved()))
  tab.on({ type: 'link', link: 'retrying' })
  tab.answer(send, SILENCE)
  tab.wait(HOUR)
  const sync = theOnly(asked(tab.on({ type: 'link', link: 'online' })))
  expect(tab.states()).toEqual({ 'word-stored': 'queued' })
  tab.answer(sync, pageOf([...events(1), event(2, 'word-stored')]))
  expect(tab.texts()).toEqual([])
})

test('[D12] what a script of the page says in another visitor’s name is never sent', () => {
  const { tab } = leading()
  const stranger = row('word-bobs', { identity: 'site/bob' })
  expect(asked(tab.hear({ type: 'rows', thread: OPENED.openId, rows: [stranger] }))).toEqual([])
  expect(tab.texts()).toEqual([])
})

describe('how long it will take', () => {
  const waiting = (knows: Partial<Session> = {}) =>
    page({ thread: OPENED, state: { ...EMPTY_STATE, phase: 'queued' }, ...knows })
  const place = { conversationId: 'conversation-1', place: 3, expectedWaitMs: 400_000 }
  const range = { lowMs: 240_000, highMs: 540_000 }

  test('[D29] is told to the other tabs with its range, and an older server or tab leaves the range unknown', () => {
    const leader = waiting({ leads: true })
    const [message] = told(leader.on({ type: 'place', push: { ...place, expectedRange: range } }))
    const other = waiting()
    if (message) other.hear(message)
    for (const { session } of [leader, other])
      expect([session.place, session.expectedWaitMs, session.expectedRange]).toEqual([3, 400_000, range])
    leader.on({ type: 'place', push: place })
    other.hear({ type: 'link', link: 'online', isStranded: false, place: 2, expectedWaitMs: 300_000 })
    for (const { session } of [leader, other]) expect(session.expectedRange).toBeNull()
  })
})
