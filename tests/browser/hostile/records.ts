// Hostile words in all that stands beside a conversation's words: notes, labels, ready answers, people, teams,
// transfers, where the visitor is, categories, ratings, names of files, conversations of before. Put straight into the
// store, because the faces must stand what no server of ours would let in. Owns how an item becomes each of them.

import { folderAttachments } from '../../../src/server'
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
): Promise<void> {
  for (let from = 0; from < drafts.length; from += 200) {
    const outcome = await append({
      conversationId,
      at: Date.now(),
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
  for (const [n, text] of texts.slice(0, EARLIER).entries())
    await before(store, owner, n, text, [...texts, ...texts].slice((n * 20) % texts.length).slice(0, 20))
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
      question: said(6),
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
    ...texts.slice(0, OBJECTIONS).map(
      (each, n): NewEvent => ({
        ...visitor,
        clientId: `objects-${pad(n)}`,
        body: {
          type: 'contested',
          about: n % 2 ? 'category' : 'answer',
          target: n % 2 ? wordOf(text(1)) : nameOf(each),
          words: said(n),
        },
      }),
    ),
  ])
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

/** A conversation of the same visitor: over, with a colleague, or a ticket. */
async function before(
  store: HelpDeskStore,
  owner: string,
  n: number,
  text: string,
  words: readonly string[],
): Promise<void> {
  const conversationId = `hostile-before-${pad(n)}`
  const system = { sender: 'system', author: { kind: 'system' } } as const
  const agent = { agentId: `agent-${n}`, name: nameOf(text) }
  const visitor = { sender: 'visitor', author: { kind: 'visitor' } } as const
  await store.open({
    identities: [owner],
    openId: `open-before-${pad(n)}`,
    conversationId,
    at: Date.now(),
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
  await say(store, conversationId, [
    { ...visitor, clientId: `ready-${pad(n)}`, body: { type: 'handoffReady', channel: 'live' } },
    {
      ...system,
      clientId: `claimed-${pad(n)}`,
      body: { type: 'assigned', assignment: 1, agent, cause: 'claimed' },
    },
    ...words.map(
      (word, at): NewEvent => ({
        sender: `agent:${agent.agentId}`,
        clientId: `words-${pad(at)}`,
        author: { kind: 'agent', ...agent },
        body: { type: 'message', text: noteOf(word), format: 'markdown' },
      }),
    ),
  ])
  if (n % 4 === 3) return
  await say(store, conversationId, [
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
  ])
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
