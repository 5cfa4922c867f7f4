// The rules of `DeskRecordStore` (S17 to S25), as cases of the store contract.

import type { AppendOutcome, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import { emptyBrief } from '../emptyBrief'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'
import type { StoreUnderTest } from './storeContract'

const ADA = { agentId: 'agent-ada', name: 'Ada' }
const LEA = { agentId: 'agent-lea', name: 'Lea' }

export interface DeskRecordScene {
  caseOf(title: string, run: (made: StoreUnderTest) => Promise<void>): ContractCase
  /** A conversation in the queue, of `anon:one`. */
  queued(store: HelpDeskStore, openId?: string, identity?: string): Promise<string>
  append(
    store: HelpDeskStore,
    conversationId: string,
    drafts: readonly NewEvent[],
    options?: { readonly at?: number },
  ): Promise<AppendOutcome>
}

const system = (clientId: string, body: NewEvent['body']): NewEvent => ({
  sender: 'system',
  clientId,
  author: { kind: 'system' },
  body,
})
const ended = system('ended-01', { type: 'ended', by: 'visitor' })
const cancelled = system('cancel-1', { type: 'cancelled' })
const transferred = (assignment: number, agent: typeof ADA | null, team?: string) =>
  system(`assigned-${assignment}`, {
    type: 'assigned',
    assignment,
    agent,
    cause: 'transferred',
    ...(team !== undefined && { team }),
  })
const page = (route: string) => ({
  url: 'https://shop.example/',
  route,
  title: '',
  name: '',
  headings: [],
  language: 'en',
  data: { odd: '\0' },
})

export function deskRecordCases({ caseOf, queued, append }: DeskRecordScene): readonly ContractCase[] {
  const noteIn = (conversationId: string, noteId: string, text: string, change: object = {}) => ({
    conversationId,
    noteId,
    at: 5_000.5,
    by: ADA,
    text,
    most: 3,
    mostBytes: 1_000,
    ...change,
  })
  const labelIn = (conversationId: string, label: string, on = true) => ({
    conversationId,
    label,
    on,
    at: 5_000,
    most: 2,
  })
  const reply = (change: object = {}) => ({
    replyId: 'reply-0001',
    expected: 0,
    shortcut: 'hi',
    title: 'Greeting \0',
    text: 'Hello \ud800',
    editedBy: LEA,
    editedAt: 7_000.5,
    most: 2,
    mostBytes: 1_000,
    ...change,
  })
  const seen = (agent: typeof ADA, teams: readonly string[] = [], at = 1_000) => ({
    ...agent,
    role: 'agent' as const,
    teams,
    at,
  })
  const code = (answer: { ok: boolean; code?: string }) => (answer.ok ? 'ok' : answer.code)

  return [
    caseOf('[S17] a note is stored once, and its id is taken', async ({ store, reopen }) => {
      const id = await queued(store)
      const odd = 'a NUL \0, half of a pair \ud800, "quotes"'
      const first = await store.addNote(noteIn(id, 'note-0001', odd))
      expectEqual(first, { ok: true, at: 5_000, afterSeq: 2, isNew: true }, 'the first')
      const again = await store.addNote(noteIn(id, 'note-0001', odd, { at: 9_000 }))
      expectEqual(again, { ok: true, at: 5_000, afterSeq: 2, isNew: false }, 'the same again')
      expectEqual(code(await store.addNote(noteIn(id, 'note-0001', 'other'))), 'key_reused', 'other words')
      expectEqual(
        code(await store.addNote(noteIn('nobodys', 'note-0001', 'x'))),
        'not_found',
        'no conversation',
      )
      const later = reopen ? await reopen() : store
      const [note] = (await later.deskRecord(id)).notes
      expectEqual([note?.text, note?.by, note?.afterSeq], [odd, ADA, 2], 'as it is read')
    }),

    caseOf('[S17] one note too many, or too much of them, is refused', async ({ store }) => {
      const id = await queued(store)
      const long = await store.addNote(noteIn(id, 'note-0001', 'x'.repeat(1_001)))
      expectEqual(code(long), 'too_large', 'too many bytes')
      for (const n of [1, 2, 3]) await store.addNote(noteIn(id, `note-000${n}`, `${n}`))
      expectEqual(code(await store.addNote(noteIn(id, 'note-0004', '4'))), 'too_large', 'the fourth')
      expectEqual(
        (await store.deskRecord(id)).notes.map(({ text }) => text),
        ['1', '2', '3'],
        'notes in order',
      )
    }),

    caseOf('[S17] two that write the same note at once store it once', async ({ store, another }) => {
      const id = await queued(store)
      const other = another ? await another() : store
      const answers = await Promise.all(
        [store, other, store, other].map(each => each.addNote(noteIn(id, 'note-0001', 'x'))),
      )
      expectEqual(answers.filter(answer => answer.ok && answer.isNew).length, 1, 'those that are new')
      const { notes, revision } = await store.deskRecord(id)
      expectEqual([notes.length, revision], [1, 1], 'notes and revision')
    }),

    caseOf('[S18] [S19] labels are put on and taken off once, each change counted', async ({ store }) => {
      const id = await queued(store)
      await store.setLabel(labelIn(id, 'refund'))
      const two = await store.setLabel(labelIn(id, 'VIP'))
      expectEqual(two, { ok: true, labels: ['refund', 'VIP'], isNew: true }, 'two')
      expectEqual(code(await store.setLabel(labelIn(id, 'third'))), 'too_large', 'one too many')
      const same = await store.setLabel(labelIn(id, 'VIP'))
      expectEqual(same, { ok: true, labels: ['refund', 'VIP'], isNew: false }, 'said again')
      await store.setLabel(labelIn(id, 'refund', false))
      await store.setLabel(labelIn(id, 'refund', false))
      const { labels, revision } = await store.deskRecord(id)
      expectEqual([labels, revision], [['VIP'], 3], 'labels and revision')
      const other = await queued(store, 'open-0002', 'anon:two')
      await store.setLabel(labelIn(other, 'late'))
      await store.setLabel(labelIn(other, 'VIP'))
      expectEqual(await store.labelsInUse(5), ['VIP', 'late'], 'labels in use')
      expectEqual(await store.labelsInUse(1), ['VIP'], 'the most used one')
    }),

    caseOf('[S20] where the visitor is: the latest, the owner’s, until the end', async ({ store }) => {
      const id = await queued(store)
      const tell = (route: string, identities = ['anon:one']) =>
        store.setPageNow({ conversationId: id, identities, page: page(route), at: 6_000.5 })
      await tell('/a')
      expectEqual(code(await tell('/b')), 'ok', 'the second')
      expectEqual(code(await tell('/c', ['anon:two'])), 'forbidden', 'somebody else')
      expectEqual((await store.deskRecord(id)).pageNow, { page: page('/b'), at: 6_000 }, 'the latest')
      expectEqual((await store.deskRecord(id)).revision, 0, 'revision of notes and labels')
      await append(store, id, [
        system('assigned-1', { type: 'assigned', assignment: 1, agent: ADA, cause: 'claimed' }),
      ])
      expectTrue((await store.deskRecord(id)).pageNow !== null, 'kept while live')
      await append(store, id, [ended])
      expectEqual((await store.deskRecord(id)).pageNow, null, 'after the end')
      expectEqual(code(await tell('/d')), 'closed', 'after the end, told')
    }),

    caseOf('[S21] the team is that of the last transfer, and goes with the end', async ({ store }) => {
      const id = await queued(store)
      const team = async () => (await store.deskRecord(id)).team
      await append(store, id, [transferred(1, ADA)])
      expectEqual(await team(), null, 'to a person')
      await append(store, id, [transferred(2, null, 'billing')])
      expectEqual(
        [await team(), [...(await store.waitingTeams())]],
        ['billing', [[id, 'billing']]],
        'to a team',
      )
      await append(store, id, [
        system('assigned-3', { type: 'assigned', assignment: 3, agent: ADA, cause: 'claimed' }),
      ])
      expectEqual([await team(), [...(await store.waitingTeams())]], ['billing', []], 'taken by somebody')
      await append(store, id, [transferred(4, null, 'legal'), transferred(5, LEA)])
      expectEqual(await team(), null, 'to a person after that')
      await append(store, id, [transferred(6, null, 'legal')])
      const ticket = await queued(store, 'open-0002')
      await append(store, ticket, [
        system('ticket-01', {
          type: 'ticketOpened',
          cause: 'waitedTooLong',
          ticket: { number: 0, category: 'general', priority: 'normal', status: 'open' },
        }),
        transferred(1, null, 'billing'),
      ])
      expectEqual((await store.waitingTeams()).get(ticket), 'billing', 'a ticket')
      await append(store, id, [cancelled])
      expectEqual(await team(), null, 'after the visitor left')
    }),

    caseOf(
      '[S30] what is objected to is open until it is answered, and goes with erasing',
      async ({ store }) => {
        const id = await queued(store)
        const open = async () => {
          const found = await store.openContests(id)
          const list = await store.deskList({ agentIds: [], endedSince: 0, atMost: 5 })
          expectEqual(list.contests.get(id) ?? [], found, 'as the desk’s list says')
          return found.length === 0 ? undefined : found.map(({ seq, about }) => `${seq} ${about}`)
        }
        const contest = (clientId: string, about: 'answer' | 'priority') => ({
          ...system(clientId, { type: 'contested', about, words: 'No.' }),
          sender: 'visitor',
        })
        expectEqual(await open(), undefined, 'before')
        await append(store, id, [contest('contest-1', 'answer'), contest('contest-2', 'priority')])
        const head = (await store.conversation(id))?.head ?? 0
        expectEqual(await open(), [`${head - 1} answer`, `${head} priority`], 'both')
        const answer = (clientId: string) =>
          system(clientId, {
            type: 'contestAnswered',
            contest: head - 1,
            outcome: 'changed',
            words: 'Right.',
          })
        await append(store, id, [answer('answer-01')])
        await append(store, id, [answer('answer-02')])
        expectEqual(await open(), [`${head} priority`], 'one is answered, twice')
        await store.erase(id, 9_000)
        expectEqual(await open(), undefined, 'erased')
        const page = await store.read(id, 0, 200)
        expectTrue(!JSON.stringify(page?.events).includes('No.'), 'its words are gone')
      },
    ),

    caseOf(
      '[S30] an objection that is open stays in the desk’s list, however long ago its conversation ended',
      async ({ store }) => {
        const contest = { ...system('contest-1', { type: 'contested', about: 'answer' }), sender: 'visitor' }
        const claimed = system('assigned-1', {
          type: 'assigned',
          assignment: 1,
          agent: ADA,
          cause: 'claimed',
        })
        const over = await queued(store, 'open-over')
        await append(store, over, [contest, claimed, ended], { at: 5_000 })
        const left = await queued(store, 'open-left')
        await append(store, left, [contest, cancelled], { at: 4_000 })
        const waits = await queued(store, 'open-waits')
        await append(store, waits, [contest], { at: 3_000 })
        const quiet = await queued(store, 'open-quiet')
        await append(store, quiet, [claimed, ended], { at: 5_000 })
        const list = async (endedSince: number, atMost = 5) => {
          const found = await store.deskList({ agentIds: [], endedSince, atMost })
          const ids = found.contested.rows.map(({ conversationId }) => conversationId)
          const endedIds = found.ended.rows.map(({ conversationId }) => conversationId)
          return { contested: [found.contested.total, ...ids], ended: [found.ended.total, ...endedIds] }
        }
        const both = { contested: [2, left, over] }
        expectEqual(await list(9_000), { ...both, ended: [0] }, 'a long time after')
        expectEqual(await list(0), { ...both, ended: [1, quiet] }, 'within the hour each stands once')
        expectEqual((await list(0, 1)).contested, [2, left], 'the oldest first, and how many there are')
        const mark = await store.deskMark(9_000)
        const { seq = 0 } = (await store.openContests(left))[0] ?? {}
        await append(
          store,
          left,
          [system('answer-01', { type: 'contestAnswered', contest: seq, outcome: 'upheld', words: 'No.' })],
          { at: 6_000 },
        )
        expectTrue((await store.deskMark(9_000)) !== mark, 'every desk hears that it is answered')
        expectEqual((await list(9_000)).contested, [1, over], 'answered')
      },
    ),

    caseOf('[S22] ready answers change by compare-and-set', async ({ store, reopen }) => {
      expectEqual(await store.saveReply(reply()), { ok: true, revision: 1 }, 'a new one')
      expectEqual(await store.saveReply(reply()), { ok: true, revision: 1 }, 'the same save again')
      expectEqual(code(await store.saveReply(reply({ text: 'x' }))), 'stale_assignment', 'another one')
      expectEqual(code(await store.saveReply(reply({ replyId: 'reply-0002' }))), 'key_reused', 'its shortcut')
      const second = reply({ replyId: 'reply-0002', shortcut: 'bye' })
      expectEqual(code(await store.saveReply({ ...second, mostBytes: 20 })), 'too_large', 'too many bytes')
      expectEqual(code(await store.saveReply(second)), 'ok', 'another shortcut')
      const third = reply({ replyId: 'reply-0003', shortcut: 'third' })
      expectEqual(code(await store.saveReply(third)), 'too_large', 'one too many')
      expectEqual(
        await store.saveReply(reply({ expected: 1, shortcut: 'hello' })),
        { ok: true, revision: 2 },
        'edited',
      )
      const later = reopen ? await reopen() : store
      const found = await later.cannedReplies()
      expectEqual(
        found.map(({ shortcut, revision }) => [shortcut, revision]),
        [
          ['bye', 1],
          ['hello', 2],
        ],
        'by shortcut',
      )
      expectEqual(
        [found[1]?.title, found[1]?.text, found[1]?.editedBy, found[1]?.editedAt],
        ['Greeting \0', 'Hello \ud800', LEA, 7_000],
        'as it was written',
      )
      expectEqual(code(await later.dropReply('reply-0001', 1)), 'stale_assignment', 'an old revision')
      expectEqual(code(await later.dropReply('reply-0001', 2)), 'ok', 'dropped')
      expectEqual(code(await later.dropReply('reply-0001', 2)), 'ok', 'dropped again')
      expectEqual((await later.cannedReplies()).length, 1, 'what is left')
    }),

    caseOf('[S22] of two leads who save at once on two nodes, one is told', async ({ store, another }) => {
      const other = another ? await another() : store
      const codes = async (calls: readonly Promise<{ ok: boolean; code?: string }>[]) =>
        (await Promise.all(calls)).map(code).sort()
      const one = ['ok', 'stale_assignment']
      for (let round = 0; round < 8; round++) {
        const edited = (text: string) => reply({ expected: round, text })
        expectEqual(
          await codes([store.saveReply(edited('mine')), other.saveReply(edited('theirs'))]),
          one,
          `ready answer ${round}`,
        )
        expectEqual(
          await codes([store.saveHours(round, null), other.saveHours(round, 'file')]),
          one,
          `hours ${round}`,
        )
      }
      const again = reply({ expected: 8 })
      expectEqual(
        await codes([store.saveReply(again), other.saveReply(again)]),
        ['ok', 'ok'],
        'the same save by two ways',
      )
      for (let round = 0; round < 8; round++) {
        const replyId = `reply-100${round}`
        await store.saveReply(reply({ replyId, shortcut: replyId, most: 20 }))
        const edited = reply({ replyId, shortcut: replyId, most: 20, expected: 1, text: 'new' })
        const [dropped] = await Promise.all([store.dropReply(replyId, 1), other.saveReply(edited)])
        const isThere = (await store.cannedReplies()).some(each => each.replyId === replyId)
        expectEqual([dropped?.ok, isThere], [!isThere, isThere], `dropped and edited at once ${round}`)
      }
    }),

    caseOf('[S22] hours change by compare-and-set, and give way', async ({ store }) => {
      const hours = { zone: 'UTC', week: { mon: [['09:00', '17:00']] } } as const
      expectEqual(await store.ownHours(), { revision: 0, isOwn: false, hours: null }, 'at first')
      expectEqual(await store.saveHours(0, hours), { ok: true, revision: 1 }, 'set')
      expectEqual(await store.saveHours(0, hours), { ok: true, revision: 1 }, 'the same again')
      expectEqual(code(await store.saveHours(0, null)), 'stale_assignment', 'other ones')
      expectEqual(await store.ownHours(), { revision: 1, isOwn: true, hours }, 'as they are')
      await store.saveHours(1, null)
      expectEqual(await store.ownHours(), { revision: 2, isOwn: true, hours: null }, 'always open')
      await store.saveHours(2, 'file')
      expectEqual(await store.ownHours(), { revision: 3, isOwn: false, hours: null }, 'the file’s')
    }),

    caseOf(
      '[S23] who is away is not counted, on any node and however they connect',
      async ({ store, another }) => {
        const other = another ? await another() : store
        for (const agent of [ADA, LEA]) {
          await store.agentSeen(seen(agent, ['billing']))
          for (const node of ['n1', 'n2'])
            await store.setPresence({ identity: `agent:${agent.agentId}`, node, connected: true, at: 1_000 })
        }
        expectEqual(await store.agentsOnline(500), 2, 'both')
        await store.setAway(seen(ADA, ['billing']), true)
        await other.agentSeen(seen(ADA, ['billing', 'legal'], 2_000))
        expectEqual(await other.agentsOnline(500), 1, 'one is away')
        const [ada] = await other.people(500, 0)
        expectEqual(
          [ada?.name, ada?.away, ada?.online, ada?.teams],
          ['Ada', true, true, ['billing', 'legal']],
          'Ada',
        )
        await store.setAway(seen(ADA), false)
        expectEqual(await store.agentsOnline(500), 2, 'both again')
      },
    ),

    caseOf('[S23] who turns away on one node while another one sees them stays away', async made => {
      const { store, another } = made
      const other = another ? await another() : store
      for (let round = 0; round < 20; round++) {
        const at = 1_000 + round
        await Promise.all([
          store.setAway(seen(ADA, [], at), round % 2 === 0),
          other.agentSeen(seen(ADA, [`${round}`], at)),
        ])
        const [ada] = await store.people(0, 0)
        expectEqual(ada?.away, round % 2 === 0, `round ${round}`)
      }
    }),

    caseOf('people are accounts and who was there, with what they have', async ({ store }) => {
      await store.addAgent({
        agentId: 'agent-cy',
        name: 'Cy',
        roles: ['lead'],
        teams: ['legal'],
        passwordHash: null,
      })
      await store.agentSeen(seen(ADA, [], 5_000))
      await store.agentSeen(seen(LEA, [], 1_000))
      const id = await queued(store)
      await append(store, id, [transferred(1, ADA)])
      const people = async (since: number) =>
        (await store.people(0, since)).map(({ name, role, teams, live }) => [name, role, teams, live])
      const cy = ['Cy', 'lead', ['legal'], 0]
      expectEqual(await people(2_000), [['Ada', 'agent', [], 1], cy], 'of late')
      expectEqual((await people(0)).length, 3, 'all')
      await store.setTeams('agent-cy', ['billing'])
      expectEqual((await store.agentByName('cy'))?.teams, ['billing'], 'teams of the account')
      await store.removeAgent('agent-cy')
      expectEqual((await people(0)).length, 2, 'without the account')
    }),

    caseOf('[S35] skills and languages are the account’s, or what the host says', async ({ store }) => {
      const lea = { agentId: LEA.agentId, name: 'Lea', roles: ['agent'], passwordHash: null }
      await store.addAgent({ ...lea, skills: ['payments'], languages: ['de'] })
      const before = await store.deskMarks()
      await store.setSkills(LEA.agentId, { languages: ['en', 'fr'] })
      expectTrue((await store.deskMarks()).people !== before.people, 'the mark of people')
      await store.agentSeen({ ...seen(LEA, [], 5_000), skills: ['orders'], languages: [] })
      await store.agentSeen({ ...seen(ADA, [], 5_000), skills: ['orders'] })
      const people = async () =>
        (await store.people(0, 0)).map(({ name, skills, languages }) => [name, skills, languages])
      expectEqual(
        await people(),
        [
          ['Ada', ['orders'], []],
          ['Lea', ['payments'], ['en', 'fr']],
        ],
        'people',
      )
      const account = await store.agentByName('lea')
      expectEqual([account?.skills, account?.languages], [['payments'], ['en', 'fr']], 'the account')
      await store.removeAgent(LEA.agentId)
      await store.addAgent(lea)
      expectEqual((await store.agentByName('lea'))?.skills, [], 'an account made anew')
    }),

    caseOf('[S24] erasing takes words of notes, labels and where the visitor is', async ({ store }) => {
      const id = await queued(store)
      await store.addNote(noteIn(id, 'note-0001', 'my card is 4111'))
      await store.setLabel(labelIn(id, '4111'))
      await store.setPageNow({ conversationId: id, identities: ['anon:one'], page: page('/4111'), at: 6_000 })
      await append(store, id, [
        system('assigned-1', { type: 'assigned', assignment: 1, agent: ADA, cause: 'claimed' }),
      ])
      const rated: NewEvent = {
        ...system('rated-01', { type: 'rated', score: 2, comment: '4111' }),
        sender: 'visitor',
      }
      await append(store, id, [rated])
      await store.erase(id, 9_000)
      const record = await store.deskRecord(id)
      expectEqual([record.notes, record.labels, record.pageNow], [[], [], null], 'what is left')
      expectEqual(await store.labelsInUse(9), [], 'labels in use')
      const again = await store.addNote(noteIn(id, 'note-0001', 'my card is 4111'))
      expectEqual([again.ok && again.isNew, (await store.deskRecord(id)).notes], [false, []], 'repeated')
      const thread = await store.read(id, 0, 10)
      expectEqual(thread?.events.at(-1)?.body, { type: 'rated', score: 2, erased: true }, 'the rating')
      expectEqual((await append(store, id, [rated])).ok, true, 'the same rating again')
    }),

    caseOf('[S25] each mark changes with its own', async ({ store }) => {
      const id = await queued(store)
      const before = await store.deskMarks()
      await store.addNote(noteIn(id, 'note-0001', 'x'))
      expectEqual(await store.deskMarks(), before, 'after a note')
      await store.saveReply(reply())
      const withReply = await store.deskMarks()
      expectTrue(withReply.replies !== before.replies, 'after a ready answer')
      expectEqual([withReply.settings, withReply.people], [before.settings, before.people], 'the others')
      await store.saveHours(0, null)
      await store.agentSeen(seen(ADA))
      const after = await store.deskMarks()
      expectTrue(after.settings !== before.settings && after.people !== before.people, 'the others, changed')
      await store.agentSeen(seen(ADA, [], 2_000))
      expectEqual(await store.deskMarks(), after, 'seen again, the same')
      const changed = async (since: number) => (await store.recordsChanged(since)).map(({ mark }) => mark)
      const [mark] = await changed(4_000)
      await store.setLabel(labelIn(id, 'VIP'))
      expectTrue((await changed(4_000))[0] !== mark, 'the mark of a record')
      expectEqual(await changed(6_000), [], 'records changed since')
      const settings = async () => (await store.deskMarks()).settings
      const first = await settings()
      expectTrue(first !== after.settings, 'the first use of a label')
      const other = await queued(store, 'open-0002', 'anon:two')
      await store.setLabel(labelIn(other, 'VIP'))
      await store.setLabel(labelIn(id, 'VIP', false))
      expectEqual(await settings(), first, 'a label that was in use and still is')
      await store.setLabel(labelIn(other, 'VIP', false))
      expectTrue((await settings()) !== first, 'the last use of a label')
    }),

    caseOf('conversations of an owner, newest first, with who had them', async ({ store }) => {
      const first = await queued(store)
      await append(store, first, [
        system('assigned-1', { type: 'assigned', assignment: 1, agent: ADA, cause: 'claimed' }),
        ended,
      ])
      const second = await queued(store, 'open-0002')
      await store.claimOwner(second, 'anon:one', 'user:7')
      await queued(store, 'open-0003', 'anon:two')
      const of = async (owners: readonly string[], claimedFrom: readonly string[] = [], limit = 9) =>
        (await store.conversationsOf({ owners, claimedFrom, limit })).map(({ row, agentName }) => [
          row.conversationId,
          agentName,
        ])
      expectEqual(await of(['anon:one']), [[first, 'Ada']], 'of the secret')
      expectEqual(await of(['user:7']), [[second, null]], 'of the user')
      expectEqual((await of(['anon:one'], ['anon:one'])).length, 2, 'with what was claimed from it')
      expectEqual((await of(['user:7', 'anon:one'], [], 1)).length, 1, 'at most one')
      expectEqual(await of(['anon:nobody']), [], 'of nobody')
    }),

    caseOf(
      '[S36] solved tickets, newest first, of a category or of all; of one that was erased none',
      async made => {
        const { store } = made
        const ticketed = async (n: number, category: string, question = 'Where is it?') => {
          const { row } = await store.open({
            identities: ['anon:one'],
            openId: `open-200${n}`,
            conversationId: `conversation-200${n}`,
            at: 1_000 + n,
            author: { kind: 'visitor' },
            brief: { ...emptyBrief(), question, category },
          })
          const ticket = { number: 0, category, priority: 'normal', status: 'open' } as const
          const opened = system('ticket-01', { type: 'ticketOpened', cause: 'chosen', ticket })
          await append(store, row.conversationId, [opened], { at: 2_000 + n })
          return row.conversationId
        }
        const solved = async (n: number, category: string, question?: string) => {
          const id = await ticketed(n, category, question)
          await append(store, id, [ended], { at: 3_000 + n })
          return id
        }
        const ids = async (wanted: { category?: string; limit?: number } = {}) =>
          (await store.solvedTickets({ limit: 9, ...wanted })).map(({ conversationId }) => conversationId)
        await ticketed(1, 'refund')
        const talk = await queued(store)
        await append(store, talk, [ended], { at: 2_500 })
        expectEqual(await ids(), [], 'what is open, and what was no ticket')
        const first = await solved(2, 'refund')
        const second = await solved(3, 'account')
        await solved(4, 'account', '')
        expectEqual(await ids(), [second, first], 'newest first, and none that asks nothing')
        expectEqual(await ids({ category: 'refund' }), [first], 'of a category')
        expectEqual(await ids({ limit: 1 }), [second], 'at most one')
        await store.erase(second, 9_000)
        expectEqual(await ids(), [first], 'once one is erased')
        const again = system('reopen-1', { type: 'reopened' })
        await append(store, first, [again], { at: 9_500 })
        expectEqual(await ids(), [], 'once one is open again')
      },
    ),

    caseOf('categories in use are those that agents said at the end, never words of a brief', async made => {
      const { store } = made
      const endedBy = async (n: number, category?: string) => {
        const id = await queued(store, `open-100${n}`)
        const words = { type: 'ended', by: 'agent', ...(category && { category }) } as const
        await append(store, id, [
          system('assigned-1', { type: 'assigned', assignment: 1, agent: ADA, cause: 'claimed' }),
          system('ended-01', words),
          { ...system('rated-01', { type: 'rated', score: 5 }), sender: 'visitor' },
        ])
        return id
      }
      await queued(store)
      await endedBy(1)
      expectEqual(await store.categoriesInUse(5), [], 'of briefs')
      await endedBy(2, 'x'.repeat(120))
      await endedBy(3, 'refund')
      const last = await endedBy(4, 'refund')
      expectEqual(await store.categoriesInUse(5), ['refund', 'x'.repeat(100)], 'of agents')
      expectEqual(await store.categoriesInUse(1), ['refund'], 'the most used one')
      await store.erase(last, 9_000)
      const row = await store.conversation(last)
      expectEqual([row?.category, row?.role], ['general', ''], 'of an erased one')
    }),
  ]
}
