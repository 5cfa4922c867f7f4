import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { briefOf } from '../../../demo/states/script/deskScript'
import { safeStorage } from '../../../src/base/safeStorage'
import { createDeskAccount } from '../../../src/desk/account'
import type { DeskRow } from '../../../src/desk/deskModel'
import { pressingLevel } from '../../../src/desk/levels'
import { type DeskListing, listNews } from '../../../src/desk/listNews'
import { createPreferences } from '../../../src/desk/preferences'
import { queueSections, rowsInOrder } from '../../../src/desk/queueSections'
import { DESK_TEXTS } from '../../../src/desk/texts'
import { durationText, fitText, waitText } from '../../../src/desk/times'
import { parseBrief, parseDeskTotals, parseQueueRows } from '../../../src/protocol/parseDesk'
import type { Phase } from '../../../src/protocol/phase'
import type { DeskTotals } from '../../../src/protocol/wire'

const NONE: DeskTotals = { mine: 0, waiting: 0, tickets: 0, colleagues: 0, ended: 0 }

const row = (conversationId: string, more: Partial<DeskRow> = {}): DeskRow => ({
  conversationId,
  phase: 'queued',
  assignment: 0,
  agent: null,
  waitingSince: null,
  head: 1,
  ticketNumber: null,
  visitorName: '',
  role: '',
  pageName: '',
  question: '',
  lastAt: 0,
  isMine: false,
  isOwnTicket: false,
  unread: 0,
  isNew: false,
  isForMyTeam: false,
  ...more,
})

describe('the order of the list', () => {
  test('who waits comes first, as the server has them, then mine, tickets by number, colleagues, what ended', () => {
    const sections = queueSections(
      [
        row('ended', { phase: 'ended' }),
        row('theirs', { phase: 'live' }),
        row('ticket 2', { phase: 'ticketed', ticketNumber: 1002 }),
        row('ticket 1', { phase: 'ticketed', ticketNumber: 1001 }),
        row('mine', { phase: 'live', isMine: true }),
        row('urgent', { waitingSince: 200, priority: 'urgent' }),
        row('long wait', { waitingSince: 100 }),
      ],
      null,
    )
    expect(sections.map(section => section.name)).toEqual([
      'waiting',
      'mine',
      'tickets',
      'colleagues',
      'earlier',
    ])
    expect(rowsInOrder(sections).map(each => each.conversationId)).toEqual([
      'urgent',
      'long wait',
      'mine',
      'ticket 1',
      'ticket 2',
      'theirs',
      'ended',
    ])
  })

  test('[D45] of tickets what is late stands first, then what will be; a row gets there by the desk’s own clock', () => {
    const due = (dueAt: number, warnAt: number) => ({
      firstResponse: { state: 'ok' as const, dueAt, warnAt },
    })
    const rows = [
      row('calm', { phase: 'ticketed', ticketNumber: 1 }),
      row('later', { phase: 'ticketed', ticketNumber: 2, levels: due(200, 100) }),
      row('sooner', { phase: 'ticketed', ticketNumber: 3, levels: due(150, 100) }),
      row('paused', {
        phase: 'ticketed',
        ticketNumber: 4,
        levels: { resolution: { state: 'paused', dueAt: null } },
      }),
    ]
    const at = (now: number) => rowsInOrder(queueSections(rows, null, now)).map(each => each.conversationId)
    expect(at(0)).toEqual(['calm', 'later', 'sooner', 'paused'])
    expect(at(100)).toEqual(['sooner', 'later', 'calm', 'paused'])
    expect(at(150)).toEqual(['sooner', 'later', 'calm', 'paused'])
    expect(pressingLevel(rows[2]?.levels, 149)).toEqual({ of: 'firstResponse', state: 'warning', dueAt: 150 })
    expect(pressingLevel(rows[2]?.levels, 150)?.state).toBe('breached')
    expect(pressingLevel({ firstResponse: { state: 'missed', dueAt: 1 } }, 9)).toBeNull()
  })

  test('own tickets stand apart; in both, what waits on us stands before what waits on its visitor', () => {
    const ticket = (conversationId: string, ticketNumber: number, more: Partial<DeskRow>) =>
      row(conversationId, { phase: 'ticketed', ticketNumber, ...more })
    const sections = queueSections(
      [
        ticket('theirs, answered', 1, { ticketStatus: 'waitingOnVisitor' }),
        ticket('own, answered', 2, { ticketStatus: 'waitingOnVisitor', isOwnTicket: true }),
        ticket('new', 3, { ticketStatus: 'open' }),
        ticket('own, reopened', 4, { ticketStatus: 'reopened', isOwnTicket: true }),
        ticket('of an older server', 5, {}),
        ticket('own, written to', 6, { ticketStatus: 'waitingOnUs', isOwnTicket: true }),
      ],
      { ...NONE, tickets: 40 },
    )
    expect(
      sections.map(({ name, rows, total }) => [name, rows.map(each => each.conversationId), total]),
    ).toEqual([
      ['ownTickets', ['own, reopened', 'own, written to', 'own, answered'], 3],
      ['tickets', ['new', 'of an older server', 'theirs, answered'], 37],
    ])
  })

  test('what fits is named, and a reason that only a newer server knows is left out', () => {
    const reasons = [
      { code: 'language', words: ['de'] },
      { code: 'skill', words: ['payments'] },
      { code: 'stars', words: ['x'] },
    ]
    expect(fitText(reasons, 'en')).toBe('German, payments')
    expect([durationText(12, 'en'), durationText(150, 'en'), durationText(4_000, 'en')]).toEqual([
      '12 min',
      '3 hr',
      '3 days',
    ])
  })

  test('a section counts those that the list has no row for, and never fewer than it shows', () => {
    const rows = [row('a'), row('b'), row('ticket', { phase: 'ticketed', ticketNumber: 1001 })]
    const counted = (totals: DeskTotals | null) =>
      queueSections(rows, totals).map(({ name, rows, total }) => [name, rows.length, total])
    expect(counted({ ...NONE, waiting: 2_310, tickets: 1, ended: 3 })).toEqual([
      ['waiting', 2, 2_310],
      ['tickets', 1, 1],
      ['earlier', 0, 3],
    ])
    expect(counted(NONE)).toEqual(counted(null))
    expect(counted(null)).toEqual([
      ['waiting', 2, 2],
      ['tickets', 1, 1],
    ])
  })

  test('no row is lost or doubled; only who waits stands by the order it came in', () => {
    const phases: Phase[] = ['bot', 'offered', 'queued', 'live', 'ticketed', 'ended']
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 99 }),
        phase: fc.constantFrom(...phases),
        isMine: fc.boolean(),
        at: fc.integer({ min: 0, max: 3 }),
      }),
      { selector: each => each.id },
    )
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat(99)), (list, chance) => {
        const made = list.map(({ id, phase, isMine, at }) =>
          row(String(id), { phase, isMine, waitingSince: at, lastAt: at, ticketNumber: at }),
        )
        const shuffled = made.map(each => ({ each, key: chance.next().value })).sort((a, b) => a.key - b.key)
        const mixed = shuffled.map(({ each }) => each)
        const idsOf = (from: readonly DeskRow[]) => from.map(each => each.conversationId)
        const waiting = (from: readonly DeskRow[]) => from.filter(each => each.phase === 'queued')
        const shown = (from: readonly DeskRow[]) => idsOf(rowsInOrder(queueSections(from, null)))
        expect(shown(mixed)).toEqual([
          ...idsOf(waiting(mixed)),
          ...shown(made.filter(each => each.phase !== 'queued')),
        ])
        expect(shown(made).toSorted()).toEqual(idsOf(made).toSorted())
      }),
    )
  })
})

test('what an agent chose in one window holds in the others', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  }
  const store = safeStorage(() => storage as unknown as Storage)
  const page = new EventTarget() as unknown as Window
  const one = createPreferences(store, 'agent-ada')
  const other = createPreferences(store, 'agent-ada', page)
  one.setHoldsReplies(false)
  one.setHasLetterKeys(false)
  page.dispatchEvent(new Event('storage'))
  expect([other.holdsReplies.value, other.hasLetterKeys.value, other.hasSound.value]).toEqual([
    false,
    false,
    true,
  ])
  other.dispose()
  one.setHasSound(false)
  page.dispatchEvent(new Event('storage'))
  expect(other.hasSound.value).toBe(true)
})

describe('what a list has to tell', () => {
  const waiting = (name: string, waitingSince: number) => row(name, { visitorName: name, waitingSince })
  const ticket = (name: string, ticketNumber: number) =>
    row(name, { visitorName: name, phase: 'ticketed', ticketNumber })
  const told = (before: DeskListing, next: DeskListing, handedBack = new Map<string, number>()) =>
    listNews(before, next, handedBack).map(({ kind, visitorName }) => `${kind} ${visitorName}`)

  test('who came, and whose conversation became a ticket', () => {
    const before = { rows: [waiting('Mia', 1), waiting('Jun', 2)], totals: { ...NONE, waiting: 2 } }
    const next = [waiting('Mia', 1), ticket('Jun', 1001), waiting('Omar', 3)]
    expect(told(before, { rows: next, totals: null })).toEqual(['ticket Jun', 'waiting Omar'])
    expect(told({ ...before, totals: null }, { rows: next, totals: null })).toHaveLength(2)
    expect(told(before, before)).toEqual([])
  })

  test('who moves up in a crowd is no news; whose agent was lost is, at the old place', () => {
    const before = {
      rows: [waiting('Mia', 10), waiting('Jun', 20), ticket('Sara', 1001)],
      totals: { ...NONE, waiting: 900, tickets: 40 },
    }
    const next = [waiting('Lost', 15), waiting('Jun', 20), waiting('Up', 30), ticket('Up', 1002)]
    expect(told(before, { ...before, rows: next })).toEqual(['waiting Lost'])
  })

  test('in a crowd, who comes with a head start is news, however short the wait; who moves up behind is none', () => {
    const crowd = { ...NONE, waiting: 900 }
    const before = { rows: [waiting('Mia', 10), waiting('Jun', 20)], totals: crowd }
    const urgent = [waiting('Urgent', 99), waiting('Mia', 10), waiting('Up', 15)]
    expect(told(before, { rows: urgent, totals: crowd })).toEqual(['waiting Urgent'])
    // All whom this list knew are taken: those behind them moved up.
    expect(told(before, { rows: [waiting('Up', 15), waiting('Next', 30)], totals: crowd })).toEqual([])
  })

  test('whom the agent handed back is no news; the same visitor is, when a colleague is lost later', () => {
    const all = (...rows: DeskRow[]): DeskListing => ({ rows, totals: null })
    const live = (assignment: number) => row('Mia', { visitorName: 'Mia', phase: 'live', assignment })
    const queued = (assignment: number) => ({ ...waiting('Mia', 10), assignment })
    const handedBack = new Map([['Mia', 2]])
    expect(told(all(live(1)), all(queued(2), waiting('Jun', 20)), handedBack)).toEqual(['waiting Jun'])
    expect(told(all(live(3)), all(queued(4)), handedBack)).toEqual(['waiting Mia'])
    // A colleague's desk, which handed back nothing.
    expect(told(all(live(1)), all(queued(2)))).toEqual(['waiting Mia'])
  })
})

test('a wait ticks in minutes and seconds, and never runs backwards on a slow clock', () => {
  expect(waitText(0, 7_400)).toBe('0:07')
  expect(waitText(0, 760_000)).toBe('12:40')
  expect(waitText(0, 3_750_000)).toBe('1:02:30')
  expect(waitText(5_000, 0)).toBe('0:00')
})

describe('what comes in', () => {
  test('a row that is not one is left out, the others stay', () => {
    const good = row('conversation-1')
    expect(
      parseQueueRows([good, { ...good, phase: 'dreaming' }, null, { ...good, conversationId: '<b>' }]),
    ).toMatchObject([{ conversationId: 'conversation-1' }])
    expect(parseQueueRows({ length: 1 })).toBeNull()
  })

  test('numbers that are none are not said', () => {
    expect(parseDeskTotals({ ...NONE, waiting: 7, more: 1 })).toEqual({ ...NONE, waiting: 7 })
    for (const odd of [undefined, { waiting: 7 }, { ...NONE, mine: -1 }, { ...NONE, ended: '5' }])
      expect(parseDeskTotals(odd)).toBeNull()
  })

  test('a brief that is not one is none', () => {
    expect(parseBrief({ reason: 'askedForPerson', slots: '<script>' })).toBeNull()
    expect(parseBrief(null)).toBeNull()
  })

  test('a part of a brief that is odd takes no other part along', () => {
    const whole = briefOf({
      question: 'Where is it?',
      slots: [{ name: 'contract', label: 'Contract', value: 'C-1' }],
      visitor: { name: 'Mia', locale: 'en', attributes: { plan: 'Pro' } },
    })
    expect(parseBrief(whole)).toEqual(whole)
    const odd: readonly [string, object][] = [
      ['a reason of tomorrow', { ...whole, reason: 'sentByRobot' }],
      ['a question that is too long', { ...whole, question: `Where is it?${' '.repeat(5_000)}` }],
      ['a tone that is none', { ...whole, tone: 'loud' }],
      [
        'a fact that is a list',
        { ...whole, visitor: { ...whole.visitor, attributes: { plan: 'Pro', all: [1] } } },
      ],
      [
        'a name of a fact that is too long',
        { ...whole, page: { ...whole.page, data: { ['n'.repeat(99)]: 'x' } } },
      ],
      ['articles that are none', { ...whole, articlesRead: [null, { articleId: 7 }] }],
      ['a slot that is none', { ...whole, slots: [...whole.slots, { name: 'x' }] }],
      ['more headings than a page has', { ...whole, page: { ...whole.page, headings: Array(99).fill('h') } }],
      ['turns that are no number', { ...whole, turns: '4' }],
    ]
    for (const [what, value] of odd) {
      const read = parseBrief(value)
      expect(read?.question?.trim(), what).toBe('Where is it?')
      expect(read?.slots, what).toEqual(whole.slots)
      expect(read?.visitor.attributes, what).toEqual({ plan: 'Pro' })
    }
  })
})

describe('the account', () => {
  const answering = (status: number, body: unknown) => {
    const calls: { url: string; init: RequestInit | undefined }[] = []
    const account = createDeskAccount('', {
      fetch: async (url, init) => {
        calls.push({ url: String(url), init })
        return new Response(JSON.stringify(body), { status })
      },
      after: () => () => {},
    })
    return { account, calls }
  }

  test('a link goes in the body of one JSON POST to the own origin, never in the address', async () => {
    const { account, calls } = answering(200, { ok: true, agent: { agentId: 'a1', name: 'Ada', roles: [] } })
    expect(await account.signIn({ link: 'secret-token' })).toEqual({
      ok: true,
      agent: { agentId: 'a1', name: 'Ada' },
    })
    expect(calls).toMatchObject([
      {
        url: '/asklet/v1/desk/signin',
        init: { method: 'POST', body: '{"link":"secret-token"}', credentials: 'same-origin' },
      },
    ])
  })

  test.each([
    [401, { ok: false, code: 'unauthenticated' }, 'refused'],
    [429, { ok: false, code: 'rate_limited' }, 'tooMany'],
    [503, { ok: false, code: 'store_unavailable' }, 'unreachable'],
    [200, { ok: true, agent: 'me' }, 'refused'],
    [200, null, 'refused'],
  ])('an answer of %i is told apart', async (status, body, problem) => {
    expect(await answering(status, body).account.me()).toEqual({ ok: false, problem })
  })

  test('no network is no wrong password', async () => {
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    const account = createDeskAccount('', { fetch, after: () => () => {} })
    expect(await account.me()).toEqual({ ok: false, problem: 'unreachable' })
  })

  test('a line that never answers is given up after 12 s, and one that answered is not', async () => {
    const due: { ms: number; task: () => void; isOff: boolean }[] = []
    const after = (ms: number, task: () => void) => {
      const timer = { ms, task, isOff: false }
      due.push(timer)
      return () => {
        timer.isOff = true
      }
    }
    const fetch = (_: unknown, init?: RequestInit) =>
      new Promise<Response>((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      )
    const waiting = createDeskAccount('', { fetch, after }).me()
    expect(due.map(({ ms }) => ms)).toEqual([12_000])
    due[0]?.task()
    expect(await waiting).toEqual({ ok: false, problem: 'unreachable' })
    expect(due[0]?.isOff).toBe(true)
  })
})

test('no text is empty, and none holds markup', () => {
  for (const [key, entry] of Object.entries(DESK_TEXTS))
    for (const text of typeof entry === 'string' ? [entry] : Object.values(entry)) {
      expect(text, key).toMatch(/\S/)
      expect(text, key).not.toMatch(/[<>]/)
    }
})

test('the door can be imported where there is no window, and says what it needs when it is used there', async () => {
  const { mountDesk } = await import('../../../src/desk')
  expect(() => mountDesk(null as unknown as HTMLElement)).toThrow(/no_browser.*got null/)
})
