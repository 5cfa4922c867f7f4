// Hostile words in all that stands beside a conversation's words: notes, labels, ready answers, people, teams,
// transfers, where the visitor is, categories, ratings, names of files, conversations of before, a ticket with its
// dispute, what is like it, what was judged of, what did not go out. Put straight into the store, because the faces must
// stand what no server of ours would let in. Owns how an item becomes each of them.

import { folderAttachments } from '../../../src/server'
import type { DisputeState } from '../../../src/server/disputeRules'
import type { HelpDeskStore, NewEvent } from '../../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { png } from '../../support/pictures'
import type { Item } from './corpus'
import type { Site } from './site'

/** Of what a list shows; its rows are all drawn alike. */
const PEOPLE = 40
const REPLIES = 120
const LABELS = 60
const FILES = 60
const TRANSFERS = 40
const EARLIER = 24
/** What three reviews are made of, where one stays open. */
const FEWEST_EARLIER = 4
const FILES_A_MESSAGE = 10
const NO_BOUND = { most: 1e6, mostBytes: 1e9 }
const NOOR = { agentId: 'noor', name: 'Noor' }

const pad = (n: number) => String(n).padStart(8, '0')
export const nameOf = (text: string) => text.slice(0, 80) || 'x'
const wordOf = (text: string) => text.slice(0, 40).trim() || 'x'
/** What the pattern of addresses lets through. */
const emailOf = (text: string) => `${text.replace(/[\s@<>]/g, '').slice(0, 60)}"'@x`
/** A store keeps no half of a pair, and compares names with those that it kept. */
const kept = (text: string, most: number) =>
  Buffer.from(text.slice(0, most)).toString().replaceAll('\0', '').slice(0, most) || 'x'
const noteOf = (text: string) => text.slice(0, 4_000) || 'x'

export async function say(
  { append }: HelpDeskStore,
  conversationId: string,
  drafts: readonly NewEvent[],
  at = Date.now(),
): Promise<void> {
  for (let from = 0; from < drafts.length; from += 200) {
    const outcome = await append({
      conversationId,
      at,
      drafts: drafts.slice(from, from + 200),
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    if (!outcome.ok) throw new Error(`the store refused: ${outcome.code}`)
  }
}

/** Everything about this conversation that its events do not say, and those events that name files and people. */
export async function plantRecords(
  { store, filesDir }: Site,
  conversationId: string,
  items: readonly Item[],
): Promise<void> {
  const texts = items.map(({ text }) => text)
  const row = await store.conversation(conversationId)
  const owner = row?.owner ?? ''
  const at = Date.now()
  for (const [n, text] of texts.entries())
    await store.addNote({
      conversationId,
      noteId: `note-${pad(n)}`,
      at,
      by: { agentId: 'noor', name: nameOf(text) },
      text: noteOf(text),
      ...NO_BOUND,
    })
  for (const text of texts.slice(0, LABELS))
    await store.setLabel({ conversationId, label: text.slice(0, 120) || 'x', on: true, at, most: 1e6 })
  for (const [n, text] of texts.slice(0, REPLIES).entries())
    await store.saveReply({
      replyId: `reply-${pad(n)}`,
      expected: 0,
      shortcut: n % 3 === 2 ? text.slice(0, 40) || 'x' : `r${n}`,
      title: text.slice(0, 100) || 'x',
      text: `${noteOf(text)}\n{visitor.name} {page.name} {slot.x}`,
      editedBy: { agentId: `agent-${n}`, name: nameOf(text) },
      editedAt: at,
      ...NO_BOUND,
    })
  for (const [n, text] of texts.slice(0, PEOPLE).entries())
    await store.agentSeen({
      agentId: `agent-${n}`,
      name: nameOf(text),
      role: n % 2 ? 'lead' : 'agent',
      teams: [wordOf(text)],
      at,
    })
  await store.setPageNow({
    conversationId,
    identities: [owner],
    page: { ...emptyBrief().page, ...pageOf(texts[1] ?? 'x') },
    at,
  })
  await say(store, conversationId, [
    ...transfers(texts),
    ...(await filesSaid(store, filesDir, conversationId, texts)),
    {
      sender: 'visitor',
      clientId: 'contact-hostile',
      author: { kind: 'visitor' },
      body: { type: 'contactGiven', contact: { email: emailOf(texts[2] ?? 'x') } },
    },
  ])
  await store.saveHours(0, {
    zone: 'Europe/Berlin',
    week: { mon: [['09:00', '24:00']] },
    closedOn: texts.slice(0, 50).map(text => text.slice(0, 100)),
  })
  await ticketOf(store, owner, texts)
  await solvedLikeIt(store, texts)
  await notSent(store, texts)
  for (let n = 0; n < Math.max(FEWEST_EARLIER, Math.min(EARLIER, texts.length)); n++)
    await before(
      store,
      owner,
      n,
      texts[n % texts.length] || 'x',
      [...texts, ...texts].slice((n * 20) % texts.length).slice(0, 20),
    )
}

const pageOf = (text: string) => ({
  url: text.slice(0, 200),
  name: nameOf(text),
  title: text.slice(0, 200),
  errors: [text.slice(0, 200)],
})

/** Handed about: to each name, to each team, and back to who looks at it. */
function transfers(texts: readonly string[]): NewEvent[] {
  return texts.slice(0, TRANSFERS).flatMap((text, n) => {
    const name = nameOf(text)
    const assigned = (step: number, agent: typeof NOOR | null, team?: string): NewEvent => ({
      sender: 'system',
      clientId: `transfer-${pad(n)}-${step}`,
      author: { kind: 'system' },
      body: {
        type: 'assigned',
        assignment: 2 + n * 3 + step,
        agent,
        cause: 'transferred',
        ...(team !== undefined && { team }),
      },
    })
    return [
      assigned(0, { agentId: `agent-${n}`, name }),
      assigned(1, null, wordOf(text)),
      assigned(2, { ...NOOR, name: nameOf(texts.at(-1) ?? 'x') }),
    ]
  })
}

/** Named as the item says, of both kinds: shown as a picture, and as a row. */
async function filesSaid(
  store: HelpDeskStore,
  filesDir: string,
  conversationId: string,
  texts: readonly string[],
): Promise<NewEvent[]> {
  const bytes = folderAttachments(filesDir)
  const picture = png()
  const said: NewEvent[] = []
  const some = texts.slice(0, FILES)
  for (let from = 0; from < some.length; from += FILES_A_MESSAGE) {
    const isVisitor = (from / FILES_A_MESSAGE) % 2 === 0
    const sender = isVisitor ? 'visitor' : 'agent:noor'
    const attachments = []
    for (const [n, text] of some.slice(from, from + FILES_A_MESSAGE).entries()) {
      const attachmentId = `file-${conversationId.slice(-8)}-${pad(from + n)}`
      const isPicture = n % 2 === 0
      const attachment = {
        attachmentId,
        name: kept(text, 120),
        mediaType: isPicture ? 'image/png' : kept(text, 80),
        bytes: picture.length,
        ...(isPicture && { width: 4, height: 3 }),
      }
      const upload = { attachmentId, conversationId, sender, uploadId: attachmentId, at: Date.now() }
      await store.beginUpload({ ...upload, mostUnsent: 1e6, most: 1e6 })
      const content = (async function* () {
        yield picture
      })()
      if (isPicture) await bytes.put(attachmentId, content, picture.length)
      await store.finishUpload(attachment)
      attachments.push(attachment)
    }
    said.push({
      sender,
      clientId: `files-${pad(from)}`,
      author: isVisitor
        ? { kind: 'visitor' }
        : { kind: 'agent', agentId: 'noor', name: nameOf(some[from] ?? 'x') },
      body: {
        type: 'message',
        text: attachments
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 4_000),
        format: isVisitor ? 'plain' : 'markdown',
        attachments,
      },
    })
  }
  return said
}

/** Of the same visitor's: waits for them, is sorted, objected to and answered, and has a dispute. */
export const TICKET_ID = 'hostile-ticket-0001'
/** What the ticket is about, and what solved ones of others are about too. */
const ALIKE = 'The zebra crossing invoice is missing from my yearly payout report.'
const SOLVED_ALIKE = 3
const NOT_SENT = 20
/** What just ended is not judged yet. */
const JUDGED_AFTER_MS = 120_000
/** As a list of a face shows them one below the other. */
const OBJECTIONS = 12

async function ticketOf(store: HelpDeskStore, owner: string, texts: readonly string[]): Promise<void> {
  const at = Date.now()
  const text = (n: number) => texts[n % texts.length] || 'x'
  const said = (n: number, most = 1_000) => text(n).slice(0, most) || 'x'
  const system = { sender: 'system', author: { kind: 'system' } } as const
  const visitor = { sender: 'visitor', author: { kind: 'visitor' } } as const
  const agent = {
    sender: 'agent:noor',
    author: { kind: 'agent', agentId: 'noor', name: nameOf(text(0)) },
  } as const
  const reason = (n: number) => ({ code: 'urgentWords', words: [said(n, 100), said(n + 1, 100)] })
  const parties = [
    { party: 'client', name: nameOf(text(3)) },
    { party: wordOf(text(4)), name: nameOf(text(5)) },
  ]
  const disputeId = 'hostile-dispute-0001'
  const facts = Object.fromEntries(
    texts.slice(0, 8).map((each, n) => [wordOf(text(n + 1)), said(n, 200) || each]),
  )
  await store.open({
    identities: [owner],
    openId: 'open-ticket-0001',
    conversationId: TICKET_ID,
    at,
    author: { kind: 'visitor', name: nameOf(text(0)) },
    brief: emptyBrief({
      question: `${ALIKE} ${said(6, 900)}`,
      because: `not answered: "${said(7, 200)}"`,
      page: { ...emptyBrief().page, ...pageOf(text(8)), headings: [said(9, 200)], data: facts },
      visitor: { locale: 'en', name: nameOf(text(10)), role: wordOf(text(11)), attributes: facts },
      category: wordOf(text(12)),
      tone: { frustration: 1, urgency: 0.5, distress: 0.5, evidence: [said(13, 100)] },
      slots: [{ name: 'x', label: nameOf(text(14)), value: said(15, 200) }],
      flow: { id: 'x', title: nameOf(text(16)), step: 'x' },
    }),
  })
  const drafts: NewEvent['body'][] = [
    {
      type: 'triaged',
      category: wordOf(text(1)),
      confidence: 0.9,
      urgency: { score: 1, reasons: [reason(0)] },
      complexity: { score: 1, reasons: [{ ...reason(2), code: 'tried' }] },
      rule: 'triage@1',
    },
    { type: 'prioritised', priority: 'high', reasons: [reason(3)], rule: 'priority@1' },
    {
      type: 'ticketOpened',
      ticket: {
        number: 0,
        category: wordOf(text(1)),
        priority: 'high',
        status: 'open',
        contact: { email: emailOf(text(2)) },
      },
      cause: 'chosen',
    },
    { type: 'owned', agent: { agentId: 'noor', name: nameOf(text(3)) } },
    { type: 'categorised', category: wordOf(text(1)) },
    {
      type: 'disputeOpened',
      disputeId,
      number: 1,
      reference: said(2, 80),
      you: 'client',
      opener: 'client',
      parties,
      facts,
      respondBy: at + 1e6,
    },
    {
      type: 'disputeShared',
      disputeId,
      statements: parties.map(({ party }, n) => ({ party, text: said(n + 4) })),
      facts,
      decideBy: at + 1e6,
    },
    { type: 'disputeProposed', disputeId, proposal: 1, outcome: said(5, 200), words: said(6) },
  ]
  await say(store, TICKET_ID, [
    { ...visitor, clientId: 'ready-ticket', body: { type: 'handoffReady', channel: 'ticket' } },
    ...drafts.map((body, n): NewEvent => ({ ...system, clientId: `ticket-${pad(n)}`, body })),
    ...Array.from(
      { length: OBJECTIONS },
      (_, n): NewEvent => ({
        ...visitor,
        clientId: `objects-${pad(n)}`,
        body: {
          type: 'contested',
          about: n % 2 ? 'category' : 'answer',
          target: n % 2 ? wordOf(text(1)) : nameOf(text(n)),
          words: said(n),
        },
      }),
    ),
  ])
  await store.addDispute('hostile-dispute', mediated(disputeId, parties, facts, text), null)
  await store.disputeTold(disputeId, 1)
  const stored = await store.read(TICKET_ID, 0, 1_000)
  const objected = stored?.events.filter(({ body }) => body.type === 'contested') ?? []
  await say(store, TICKET_ID, [
    ...objected.slice(0, OBJECTIONS / 2).map(
      ({ seq }, n): NewEvent => ({
        ...agent,
        clientId: `answers-${pad(n)}`,
        body: {
          type: 'contestAnswered',
          contest: seq,
          outcome: n % 2 ? 'changed' : 'upheld',
          words: said(n + 1),
        },
      }),
    ),
    {
      ...agent,
      clientId: 'says-ticket',
      body: { type: 'message', text: said(8), format: 'markdown', draftedBy: 'machine' },
    },
  ])
}

/** As its mediator reads it: both sides have spoken, and one has answered what was proposed. */
function mediated(
  disputeId: string,
  parties: readonly { readonly party: string; readonly name: string }[],
  facts: Readonly<Record<string, string>>,
  text: (n: number) => string,
): DisputeState {
  const side = (n: 0 | 1, conversationId: string): DisputeState['sides'][0] => ({
    party: parties[n]?.party ?? 'x',
    name: parties[n]?.name ?? 'x',
    conversationId,
    heard: 0,
    statement: text(n + 4).slice(0, 4_000) || 'x',
    isShared: n === 0,
  })
  return {
    disputeId,
    number: 1,
    reference: text(2).slice(0, 80) || 'x',
    openedAt: Date.now(),
    opener: 0,
    threadId: 'hostile-thread-0001',
    sides: [side(0, TICKET_ID), side(1, 'hostile-before-00000000')],
    phase: 'mediating',
    respondBy: Date.now() + 1e6,
    decideBy: Date.now() + 2e6,
    facts: {
      common: facts,
      differing: Object.entries(facts).map(([name, value]) => ({ name, site: value, said: [value, null] })),
    },
    proposal: {
      proposal: 1,
      outcome: text(5).slice(0, 200) || 'x',
      words: text(6).slice(0, 1_000) || 'x',
      answers: [true, null],
    },
    told: [],
  }
}

/** Of other visitors: asked the same, and an agent answered. */
async function solvedLikeIt(store: HelpDeskStore, texts: readonly string[]): Promise<void> {
  const system = { sender: 'system', author: { kind: 'system' } } as const
  for (let n = 0; n < SOLVED_ALIKE; n++) {
    const text = texts[n % texts.length] || 'x'
    const conversationId = `hostile-alike-${pad(n)}`
    const name = nameOf(text)
    await store.open({
      identities: [`anon:alike-${n}`],
      openId: `open-alike-${pad(n)}`,
      conversationId,
      at: Date.now(),
      author: { kind: 'visitor', name },
      brief: emptyBrief({
        question: `${ALIKE} ${text.slice(0, 900)}`,
        page: { ...emptyBrief().page, ...pageOf(text) },
        category: wordOf(text),
      }),
    })
    const agent = { sender: 'agent:other', author: { kind: 'agent', agentId: 'other', name } } as const
    const ticket = { number: 0, category: wordOf(text), priority: 'normal', status: 'open' } as const
    await say(store, conversationId, [
      {
        sender: 'visitor',
        author: { kind: 'visitor' },
        clientId: `ready-alike-${n}`,
        body: { type: 'handoffReady', channel: 'ticket' },
      },
      { ...system, clientId: `ticket-alike-${n}`, body: { type: 'ticketOpened', ticket, cause: 'chosen' } },
      {
        ...agent,
        clientId: `says-alike-${n}`,
        body: { type: 'message', text: noteOf(text), format: 'markdown' },
      },
      {
        ...agent,
        clientId: `solved-alike-${n}`,
        body: { type: 'ended', by: 'agent', category: wordOf(text) },
      },
    ])
  }
}

/** Given up, each with a reason and an endpoint that are called as the items say. */
async function notSent(store: HelpDeskStore, texts: readonly string[]): Promise<void> {
  const now = Date.now()
  const problems = texts.slice(0, NOT_SENT).map(text => kept(text, 300))
  const outcome = await store.append({
    conversationId: TICKET_ID,
    at: now,
    drafts: [
      {
        sender: 'system',
        clientId: 'asks-to-send-0001',
        author: { kind: 'system' },
        body: { type: 'owned', agent: NOOR },
      },
    ],
    authorise: () => null,
    plan: (_row, draft) => [draft],
    deliveries: (_before, { conversationId }, events) =>
      problems.map((problem, n) => ({
        id: `${conversationId}.${events[0]?.seq ?? 0}.${pad(n)}`,
        conversationId,
        seq: events[0]?.seq ?? 0,
        road: 'webhook',
        kind: kept(problem, 40),
        target: kept(problem, 100),
        facts: null,
        createdAt: now,
        dueAt: now,
      })),
  })
  if (!outcome.ok) throw new Error(`the store refused: ${outcome.code}`)
  const lease = 'hostile-lease'
  const claim = { lease, roads: ['webhook'], now, until: now + 60_000, limit: NOT_SENT } as const
  for (const [n, { id }] of (await store.claimDeliveries(claim)).entries())
    await store.finishDelivery(id, lease, { state: 'failed', at: now, problem: problems[n] ?? 'x' })
}

/** A conversation of the same visitor: over, with a colleague, or a ticket. */
async function before(
  store: HelpDeskStore,
  owner: string,
  n: number,
  text: string,
  words: readonly string[],
): Promise<void> {
  const conversationId = `hostile-before-${pad(n)}`
  const at = Date.now() - JUDGED_AFTER_MS
  const system = { sender: 'system', author: { kind: 'system' } } as const
  const agent = { agentId: `agent-${n}`, name: nameOf(text) }
  const visitor = { sender: 'visitor', author: { kind: 'visitor' } } as const
  await store.open({
    identities: [owner],
    openId: `open-before-${pad(n)}`,
    conversationId,
    at,
    author: { kind: 'visitor', name: nameOf(text) },
    brief: emptyBrief({
      question: text.slice(0, 1_000),
      page: { ...emptyBrief().page, ...pageOf(text) },
      category: wordOf(text),
      tone: { frustration: 1, urgency: 0.5, distress: 0.5, evidence: [text.slice(0, 100)] },
      slots: [{ name: 'x', label: nameOf(text), value: text.slice(0, 200) }],
      flow: { id: 'x', title: nameOf(text), step: nameOf(text) },
      tried: [{ articleId: 'x', title: nameOf(text) }],
      articlesRead: [{ articleId: 'x', title: nameOf(text) }],
    }),
  })
  await say(
    store,
    conversationId,
    [
      { ...visitor, clientId: `ready-${pad(n)}`, body: { type: 'handoffReady', channel: 'live' } },
      {
        ...system,
        clientId: `claimed-${pad(n)}`,
        body: { type: 'assigned', assignment: 1, agent, cause: 'claimed' },
      },
      {
        ...visitor,
        clientId: `asks-${pad(n)}`,
        body: { type: 'message', text: noteOf(`Where is my payout? ${text}`), format: 'plain' },
      },
      ...words.map(
        (word, nth): NewEvent => ({
          sender: `agent:${agent.agentId}`,
          clientId: `words-${pad(nth)}`,
          author: { kind: 'agent', ...agent },
          body: { type: 'message', text: noteOf(word), format: 'markdown' },
        }),
      ),
    ],
    at,
  )
  if (n % 4 === 3) return
  await say(
    store,
    conversationId,
    [
      {
        sender: `agent:${agent.agentId}`,
        clientId: `ended-${pad(n)}`,
        author: { kind: 'agent', ...agent },
        body: { type: 'ended', by: 'agent', category: text.slice(0, 100) || 'x' },
      },
      {
        ...visitor,
        clientId: `rated-${pad(n)}`,
        body: { type: 'rated', score: 1, comment: text.slice(0, 1_000) || 'x' },
      },
    ],
    at,
  )
}

/** What a search of the site's help might answer an agent, were it hostile. */
export function helpAnswer(items: readonly Item[]): object {
  const at = (n: number) => items[n % items.length]?.text.slice(0, 2_000) || 'x'
  const rows = items.slice(0, 3).map(({ text }, n) => ({
    articleId: text.slice(0, 80) || 'x',
    title: text.slice(0, 200) || 'x',
    headingId: text.slice(0, 60) || 'x',
    headingText: at(n + 3),
    text: at(n + 4),
    summary: at(n + 4),
    kind: 'article',
    highlights: [],
    score: 1,
    reasons: [
      { kind: 'page', name: at(n + 5) },
      { kind: 'error', text: at(n + 6) },
      { kind: 'role', role: at(n + 7) },
    ],
  }))
  return { ok: true, suggestions: rows, passages: rows }
}
