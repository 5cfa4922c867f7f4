// Who may do what, tried from outside: every call of the protocol and every route, by everybody who might try. The
// expected answers are one table; a call that the protocol gains and the table lacks is a wrong access by itself.

import type { Socket } from 'socket.io-client'
import { PUSH_NAMES } from '../../src/live/linkState'
import { deskRequests, visitorRequests } from '../../src/protocol/parse'
import { DESK_ROUTES, OTHER_ROUTES } from '../../src/server/http'
import { signVisitor } from '../../src/server/signedVisitors'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { type Answer, draft, from, KEY, nextId, openBody, type Stage, secretOf } from './stage'

type VisitorCall = keyof typeof visitorRequests
type DeskCall = keyof typeof deskRequests

/** `own`: a conversation of the caller's own, never the victim's. A code: refused with it. */
type Expected = 'ok' | 'own' | string

/** Who proves nothing, or comes from where the site is not. */
const UNPROVEN = {
  noSecret: 'unauthenticated',
  lateToken: 'unauthenticated',
  forgedToken: 'unauthenticated',
  otherAudience: 'unauthenticated',
  agentCookie: 'unauthenticated',
  foreignOrigin: 'forbidden',
} as const
/** Who is somebody, but not whose conversation it is; the last one was, until it was claimed. */
const STRANGERS = { otherSecret: 'forbidden', otherUser: 'forbidden', claimedFrom: 'forbidden' } as const

/** On the visitors' side, all about a conversation of somebody else's (the owner's own: a control). */
const VISITORS: Readonly<Record<VisitorCall, Readonly<Record<VisitorCaller, Expected>>>> = {
  open: {
    owner: 'ok',
    otherSecret: 'own',
    otherUser: 'own',
    claimedFrom: 'forbidden',
    ...UNPROVEN,
  },
  send: {
    owner: 'ok',
    ...STRANGERS,
    ...UNPROVEN,
  },
  sync: {
    owner: 'ok',
    ...STRANGERS,
    ...UNPROVEN,
  },
  typing: {
    owner: 'ok',
    ...STRANGERS,
    ...UNPROVEN,
  },
  fileUrls: {
    owner: 'ok',
    ...STRANGERS,
    ...UNPROVEN,
  },
  // What the table lists is the caller's own, whoever's conversation the others are about.
  conversations: {
    owner: 'ok',
    otherSecret: 'own',
    otherUser: 'own',
    claimedFrom: 'own',
    ...UNPROVEN,
  },
  // Nobody has asked for a person yet: there is nobody to be told.
  page: {
    owner: 'closed',
    ...STRANGERS,
    ...UNPROVEN,
  },
  // This server's site names nobody whom there could be a dispute between.
  openDispute: {
    owner: 'not_found',
    ...STRANGERS,
    ...UNPROVEN,
  },
  // No secret of anybody's: by HTTP it may be asked before one has a secret.
  availability: {
    owner: 'ok',
    otherSecret: 'ok',
    otherUser: 'ok',
    claimedFrom: 'ok',
    ...UNPROVEN,
  },
}
type VisitorCaller =
  | 'owner'
  | 'otherSecret'
  | 'otherUser'
  | 'claimedFrom'
  | 'noSecret'
  | 'lateToken'
  | 'forgedToken'
  | 'otherAudience'
  | 'agentCookie'
  | 'foreignOrigin'
/** Where HTTP answers otherwise than a socket, which is refused as a whole. */
const BY_HTTP: Readonly<Record<string, Expected>> = {
  'availability noSecret': 'ok',
  'availability agentCookie': 'ok',
}

type DeskCaller =
  | 'agent'
  | 'nobody'
  | 'removed'
  | 'signedOut'
  | 'newPassword'
  | 'foreignOrigin'
  | 'visitorSecret'
  | 'madeUpCookie'
const DESK_HANDSHAKE: Readonly<Record<DeskCaller, Expected>> = {
  agent: 'ok',
  nobody: 'unauthenticated',
  removed: 'unauthenticated',
  signedOut: 'unauthenticated',
  newPassword: 'unauthenticated',
  foreignOrigin: 'forbidden',
  visitorSecret: 'unauthenticated',
  madeUpCookie: 'unauthenticated',
}
/** In the order in which they are tried. Nobody but an agent ever gets past the handshake. */
const DESK: Readonly<Record<DeskCall, Expected>> = {
  queue: 'ok',
  sync: 'ok',
  typing: 'ok',
  // A ticket already, and so the same again.
  openTicket: 'ok',
  claim: 'ok',
  send: 'ok',
  details: 'ok',
  note: 'ok',
  label: 'ok',
  setPriority: 'ok',
  setCategory: 'ok',
  // Nobody serves that team: the code of an agent who may.
  transfer: 'not_found',
  presence: 'ok',
  people: 'ok',
  replies: 'ok',
  settings: 'ok',
  // A lead's.
  saveReply: 'forbidden',
  dropReply: 'forbidden',
  saveHours: 'forbidden',
  deliveries: 'forbidden',
  deliver: 'forbidden',
  reviews: 'forbidden',
  judge: 'forbidden',
  release: 'ok',
  fileUrls: 'ok',
  // With itself.
  openDispute: 'bad_request',
  dispute: 'ok',
  similar: 'ok',
  // No ticket.
  usedSimilar: 'not_found',
  mediate: 'not_found',
}
/** A visitor who uses an agent's calls, on the road of visitors. */
const NO_CALL_OF_VISITORS = { socket: 'bad_request', http: 'not_found' } as const
const DESK_CALLS_BY_VISITORS = (Object.keys(DESK) as DeskCall[]).filter(call => !(call in VISITORS))

const DESK_HTTP: Readonly<Record<(typeof DESK_ROUTES)[number], Readonly<Record<DeskCaller, Expected>>>> = {
  me: DESK_HANDSHAKE,
  // With a link that was used before.
  signin: {
    ...DESK_HANDSHAKE,
    agent: 'unauthenticated',
  },
  // What the agent has handed back is not theirs to write into.
  upload: { ...DESK_HANDSHAKE, agent: 'stale_assignment' },
  // Ends the caller's own session, if any: tried last, and by all but the agent, whose session must survive it.
  signout: {
    agent: 'ok',
    nobody: 'ok',
    removed: 'ok',
    signedOut: 'ok',
    newPassword: 'ok',
    foreignOrigin: 'forbidden',
    visitorSecret: 'ok',
    madeUpCookie: 'ok',
  },
}
const OTHER: Readonly<Record<(typeof OTHER_ROUTES)[number], Readonly<Record<string, Expected>>>> = {
  // Without a language model, as most sites are; who may read what with one: tests/unit/server/answers.test.ts.
  answer: { anyone: 'not_found', foreignOrigin: 'forbidden' },
  // Its address is its right, and nobody guesses one.
  file: { anyone: 'not_found', guessed: 'forbidden', foreignOrigin: 'not_found' },
  health: { anyone: 'ok' },
  journal: { anyone: 'ok', foreignOrigin: 'forbidden' },
  knowledge: {
    itsRole: 'ok',
    otherRole: 'forbidden',
    noRole: 'forbidden',
    noToken: 'unauthenticated',
    lateToken: 'unauthenticated',
    forgedToken: 'unauthenticated',
    secretOnly: 'unauthenticated',
    agentCookie: 'unauthenticated',
    foreignOrigin: 'forbidden',
  },
  live: { anyone: 'ok' },
  // Off unless it was given a token; who brings it: tests/unit/server/operations.
  metrics: { anyone: 'not_found' },
  ready: { anyone: 'ok' },
  // Beside what anybody may read, the private articles of the very role that a token proves.
  search: {
    anyone: 'open',
    itsRole: 'open, for/client',
    otherRole: 'open, for/_any',
    roleOfAnother: 'open',
    madeUpRole: 'open',
    saidRole: 'open',
    noRole: 'open',
    secretOnly: 'open',
    agentCookie: 'open',
    lateToken: 'unauthenticated',
    forgedToken: 'unauthenticated',
    otherAudience: 'unauthenticated',
    foreignOrigin: 'forbidden',
  },
  // Nobody asked for a person yet: so the owner learns, and nobody else learns that much.
  upload: {
    owner: 'closed',
    ...STRANGERS,
    ...UNPROVEN,
  },
}

const UPLOAD_ID = { 'x-asklet-upload': 'upload-of-the-matrix' }

export interface MatrixResult {
  readonly routesTried: number
  /** One sentence each. */
  readonly wrong: readonly string[]
}

export async function tryMatrix(stage: Stage): Promise<MatrixResult> {
  const wrong: string[] = []
  let tried = 0
  const check = (what: string, got: string, expected: Expected) => {
    tried++
    if (got !== expected) wrong.push(`${what}: got ${got}, expected ${expected}`)
  }
  const same = (what: string, has: readonly string[], wanted: readonly string[]) => {
    const lacks = wanted.filter(name => !has.includes(name))
    if (lacks.length > 0) wrong.push(`the table of ${what} lacks ${lacks.join(', ')}`)
  }
  same('visitors’ calls', Object.keys(VISITORS), Object.keys(visitorRequests))
  same('desk calls', Object.keys(DESK), Object.keys(deskRequests))
  same('desk routes', Object.keys(DESK_HTTP), DESK_ROUTES)
  same('other routes', Object.keys(OTHER), OTHER_ROUTES)

  // ---- the victims: one anonymous and in the queue, one whose conversation was claimed, an agent, former agents

  const owner = secretOf('owner')
  const ownerSocket = await stage.socket('/asklet', { v: 1, secret: owner }, from())
  const victimOpen = openBody()
  const victim = await opened(stage, ownerSocket, victimOpen)
  await stage.ask(ownerSocket, 'send', {
    v: 1,
    conversationId: victim,
    drafts: [draft('my account number is 4711')],
  })
  const claimedSecret = secretOf('claimed')
  const beforeClaim = await stage.socket('/asklet', { v: 1, secret: claimedSecret }, from())
  const claimedOpen = openBody()
  const claimed = await opened(stage, beforeClaim, claimedOpen)
  await stage.ask(beforeClaim, 'sync', { v: 1, conversationId: claimed, after: 0, epoch: '' })
  const userToken = await signVisitor(KEY, { visitorId: 'seven', role: 'client' })
  const user = await stage.socket('/asklet', { v: 1, secret: claimedSecret, token: userToken }, from())
  await stage.ask(user, 'sync', { v: 1, conversationId: claimed, after: 0, epoch: '' })

  const overheard: string[] = []
  const listen = (who: string, socket: Socket, isDesk = false) => {
    socket.onAny((name: string, payload: unknown) => {
      const id = (payload as { conversationId?: string } | null)?.conversationId
      if (id === victim || id === claimed || (!isDesk && FOR_AGENTS.includes(name)))
        overheard.push(`${who} overheard ${name}`)
    })
  }
  listen('the secret whose conversation was claimed', beforeClaim)

  const cookies = {} as Record<DeskCaller, string>
  const former: Socket[] = []
  for (const name of ['agent', 'removed', 'signedOut', 'newPassword'] as const) {
    await stage.agents.add({ name })
    cookies[name] = await stage.cookie(name)
    if (name === 'agent') continue
    const socket = await stage.socket('/asklet-desk', { v: 1 }, { cookie: cookies[name], ...from() })
    for (const conversationId of [victim, claimed])
      await stage.ask(socket, 'sync', { v: 1, conversationId, after: 0, epoch: '' })
    former.push(socket)
  }
  await stage.agents.remove('removed')
  await stage.agents.endSession(cookies.signedOut.slice(cookies.signedOut.indexOf('=') + 1))
  await stage.agents.setPassword('newPassword', 'correct horse battery staple')
  // Other processes did that: the server finds out by itself, in half a second of its quick clock.
  await until(() => former.every(socket => !socket.connected), 3_000)
  for (const [n, socket] of former.entries())
    check(`desk connection of former agent ${n + 1}`, socket.connected ? 'still open' : 'ended', 'ended')
  cookies.nobody = ''
  cookies.foreignOrigin = cookies.agent
  cookies.visitorSecret = `asklet_desk=${owner}`
  cookies.madeUpCookie = `asklet_desk=${secretOf('made up')}`
  const usedLink = await stage.agents.link('agent')
  await stage.http('POST', 'desk/signin', { link: usedLink })

  // ---- visitors

  const otherToken = await signVisitor(KEY, { visitorId: 'eight', role: 'freelancer' })
  const late = await signVisitor(KEY, { visitorId: 'seven', role: 'client' }, -1_000)
  const [, body = ''] = userToken.split('.')
  const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  const otherAudience = await signVisitor(KEY, { visitorId: 'seven' }, { audience: 'billing' })
  const evil = { origin: 'https://evil.example' }
  const callers: Record<
    VisitorCaller,
    { secret?: string; token?: string; headers?: Record<string, string> }
  > = {
    owner: { secret: owner },
    otherSecret: { secret: secretOf('other') },
    otherUser: { secret: secretOf('other user'), token: otherToken },
    claimedFrom: { secret: claimedSecret },
    noSecret: {},
    lateToken: { secret: owner, token: late },
    forgedToken: { secret: owner, token: forged },
    otherAudience: { secret: owner, token: otherAudience },
    agentCookie: { headers: { cookie: cookies.agent } },
    foreignOrigin: { secret: owner, headers: evil },
  }
  const before = stage.contents()

  for (const [caller, { secret, token, headers = {} }] of entries(callers)) {
    const isClaimed = caller === 'claimedFrom'
    const [theirs, theirOpen] = isClaimed ? [claimed, claimedOpen] : [victim, victimOpen]
    const bodyOf = (call: VisitorCall): object => visitorBody(call, theirs, theirOpen)
    const socket = await stage
      .socket(
        '/asklet',
        { v: 1, ...(secret && { secret }), ...(token && { token }) },
        { ...from(), ...headers },
      )
      .catch((error: Error) => error.message)
    if (typeof socket !== 'string' && caller !== 'owner') listen(caller, socket)
    for (const call of Object.keys(VISITORS) as VisitorCall[]) {
      const expected = VISITORS[call][caller]
      const answer =
        typeof socket === 'string' ? { ok: false, code: socket } : await stage.ask(socket, call, bodyOf(call))
      check(`socket ${call} by ${caller}`, wordOf(answer, theirs, expected), expected)
      const byHttp = BY_HTTP[`${call} ${caller}`] ?? expected
      const answered = await stage.http('POST', call, bodyOf(call), {
        ...from(),
        ...headers,
        ...(secret && { authorization: `Bearer ${secret}` }),
        ...(token && { 'x-asklet-token': token }),
      })
      check(`HTTP ${call} by ${caller}`, wordOf(answered, theirs, byHttp), byHttp)
    }
    const uploaded = await stage.http(
      'POST',
      `upload?conversation=${theirs}&name=a.txt`,
      {},
      {
        ...from(),
        ...headers,
        ...UPLOAD_ID,
        ...(secret && { authorization: `Bearer ${secret}` }),
        ...(token && { 'x-asklet-token': token }),
      },
    )
    check(`HTTP upload by ${caller}`, wordOf(uploaded, theirs), OTHER.upload[caller] ?? '')
    for (const call of DESK_CALLS_BY_VISITORS) {
      const expected = NO_CALL_OF_VISITORS
      if (typeof socket !== 'string')
        check(
          `socket ${call} by visitor ${caller}`,
          wordOf(await stage.ask(socket, call, deskBody(call, victim, 0)), theirs),
          expected.socket,
        )
      const answered = await stage.http('POST', call, deskBody(call, victim, 0), {
        ...from(),
        ...headers,
        ...(secret && { authorization: `Bearer ${secret}` }),
      })
      check(
        `HTTP ${call} by visitor ${caller}`,
        wordOf(answered, theirs),
        'origin' in headers ? 'forbidden' : expected.http,
      )
    }
  }

  // ---- the desk

  await stage.ask(ownerSocket, 'send', {
    v: 1,
    conversationId: victim,
    drafts: [{ clientId: nextId(), body: { type: 'handoffReady', channel: 'live' } }],
  })
  const ticketed = { clientId: nextId(), body: { type: 'handoffReady', channel: 'ticket' } }
  await stage.ask(ownerSocket, 'send', { v: 1, conversationId: victim, drafts: [ticketed] })
  let assignment = 0
  for (const [caller, expected] of entries(DESK_HANDSHAKE)) {
    const headers = {
      ...(cookies[caller] && { cookie: cookies[caller] }),
      ...(caller === 'foreignOrigin' && evil),
      ...from(),
    }
    const auth = caller === 'visitorSecret' ? { v: 1, secret: owner } : { v: 1 }
    const socket = await stage.socket('/asklet-desk', auth, headers).catch((error: Error) => error.message)
    check(`desk handshake by ${caller}`, typeof socket === 'string' ? socket : 'ok', expected)
    for (const call of Object.keys(DESK) as DeskCall[]) {
      const answer =
        typeof socket === 'string'
          ? { ok: false, code: socket }
          : await stage.ask(socket, call, deskBody(call, victim, assignment))
      if (answer.ok && typeof answer.assignment === 'number') assignment = answer.assignment
      check(
        `socket desk ${call} by ${caller}`,
        wordOf(answer, victim),
        typeof socket === 'string' ? expected : DESK[call],
      )
    }
    for (const route of DESK_ROUTES) {
      if (route === 'signout' && caller === 'agent') continue
      const answer = await stage.http(
        'POST',
        route === 'upload' ? `desk/upload?conversation=${victim}&name=a.txt` : `desk/${route}`,
        route === 'signin' ? { link: usedLink } : {},
        route === 'upload' ? { ...headers, ...UPLOAD_ID } : headers,
      )
      check(`HTTP desk/${route} by ${caller}`, wordOf(answer, victim), DESK_HTTP[route][caller])
    }
  }
  const still = await stage.http('POST', 'desk/me', {}, { cookie: cookies.agent, ...from() })
  check('the agent’s session after others signed out', wordOf(still, victim), 'ok')

  // ---- what is not a call

  const knowledge: Record<string, Record<string, string>> = {
    itsRole: { 'x-asklet-token': userToken },
    otherRole: { 'x-asklet-token': otherToken },
    noRole: { 'x-asklet-token': await signVisitor(KEY, { visitorId: 'nine' }) },
    noToken: {},
    lateToken: { 'x-asklet-token': late },
    forgedToken: { 'x-asklet-token': forged },
    secretOnly: { authorization: `Bearer ${owner}` },
    agentCookie: { cookie: cookies.agent },
    foreignOrigin: { 'x-asklet-token': userToken, ...evil },
  }
  for (const [caller, expected] of Object.entries(OTHER.knowledge)) {
    const answer = await stage.http('GET', 'knowledge/client/manifest.json', undefined, {
      ...from(),
      ...knowledge[caller],
    })
    check(`HTTP knowledge by ${caller}`, answer.private === true ? 'ok' : wordOf(answer, victim), expected)
  }
  for (const path of [
    '_any/manifest.json',
    'freelancer/../client/manifest.json',
    'freelancer/..%2fclient%2fmanifest.json',
    'freelancer/..%5cclient',
    '%2e%2e/outside.json',
    'constructor/x',
    '__proto__/x',
  ]) {
    // Not by fetch, which would tidy the path.
    const text = await stage.bytes(
      `GET /asklet/v1/knowledge/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Asklet-Token: ${otherToken}\r\n\r\n`,
    )
    check(
      `HTTP knowledge/${path} by another role`,
      /^HTTP\/1\.1 (403|404) /.test(text) && !text.includes('private') ? 'refused' : text.slice(0, 40),
      'refused',
    )
  }
  const searchers: Record<string, Record<string, string>> = {
    ...knowledge,
    anyone: {},
    // Roles that would lead to another one's folder; they are no name of one, and have none.
    roleOfAnother: {
      'x-asklet-token': await signVisitor(KEY, { visitorId: 'ten', role: 'freelancer/../client' }),
    },
    madeUpRole: { 'x-asklet-token': await signVisitor(KEY, { visitorId: 'ten', role: '../private/client' }) },
    saidRole: {},
    otherAudience: { 'x-asklet-token': otherAudience },
  }
  for (const [caller, expected] of Object.entries(OTHER.search)) {
    const headers = { ...from(), ...searchers[caller] }
    const search = (asked: object) => stage.http('POST', 'search', { v: 1, ...asked }, headers)
    const facts = {
      page: { route: '/', name: 'Home', headings: [] },
      // What anybody may say, and what gives nothing.
      visitor: { locale: 'en', role: 'client' },
    }
    for (const [call, list] of [
      ['suggest', 'suggestions'],
      ['passages', 'passages'],
    ] as const) {
      const answer = await search({ do: call, query: 'harbour', facts, limit: 20 })
      const ids = new Set((answer[list] as { articleId: string }[] | undefined)?.map(item => item.articleId))
      const got = answer.ok
        ? ['open', 'for/client', 'for/_any'].filter(id => ids.has(id)).join(', ')
        : answer.code
      check(`HTTP search ${call} by ${caller}`, got ?? 'no code', expected)
    }
    for (const articleId of ['open', 'for/client', 'for/_any']) {
      const answer = await search({ do: 'article', articleId, locale: 'en' })
      const mayRead = expected.split(', ').includes(articleId)
      const got = answer.ok ? (answer.article ? 'read' : 'none') : (answer.code ?? 'no code')
      check(
        `HTTP search article ${articleId} by ${caller}`,
        got,
        mayRead ? 'read' : expected.startsWith('open') ? 'none' : expected,
      )
    }
  }
  const record = () => ({
    records: [{ id: nextId(), kind: 'missed', at: 1, inputs: {}, rule: 'r', reason: 'r' }],
  })
  check('HTTP journal by anyone', wordOf(await stage.http('POST', 'journal', record(), from()), victim), 'ok')
  check(
    'HTTP journal by foreignOrigin',
    wordOf(await stage.http('POST', 'journal', record(), { ...from(), ...evil }), victim),
    'forbidden',
  )
  for (const [caller, expected] of Object.entries(OTHER.answer)) {
    const headers = { ...from(), ...(caller === 'foreignOrigin' && evil) }
    const facts = { page: { route: '/', name: '', headings: [] }, visitor: { locale: 'en' } }
    const answer = await stage.http('POST', 'answer', { v: 1, question: 'harbour', facts }, headers)
    check(`HTTP answer by ${caller}`, wordOf(answer, victim), expected)
  }
  for (const [caller, expected] of Object.entries(OTHER.file)) {
    const query = caller === 'guessed' ? `?c=${victim}&e=${Date.now() + 60_000}&s=AAAA` : ''
    const headers = { ...from(), ...(caller === 'foreignOrigin' && evil) }
    const answer = await stage.http('GET', `file/some-file-0001${query}`, undefined, headers)
    check(`HTTP file by ${caller}`, wordOf(answer, victim), expected)
  }
  for (const route of ['health', 'live', 'metrics', 'ready'] as const)
    check(
      `HTTP ${route} by anyone`,
      wordOf(await stage.http('GET', route, undefined, from()), victim),
      OTHER[route].anyone ?? '',
    )

  // ---- pushes: everything happens once more while everybody listens

  const desk = await stage.socket('/asklet-desk', { v: 1 }, { cookie: cookies.agent, ...from() })
  const heard = new Set<string>()
  for (const socket of [desk, ownerSocket]) socket.onAny((name: string) => heard.add(name))
  for (const conversationId of [victim, claimed])
    await stage.ask(desk, 'sync', { v: 1, conversationId, after: 0, epoch: '' })
  await stage.ask(ownerSocket, 'sync', { v: 1, conversationId: victim, after: 0, epoch: '' })
  await stage.ask(ownerSocket, 'typing', { v: 1, conversationId: victim })
  await stage.ask(desk, 'typing', { v: 1, conversationId: victim })
  await stage.ask(user, 'send', { v: 1, conversationId: claimed, drafts: [draft('since I signed in')] })
  await stage.ask(ownerSocket, 'send', {
    v: 1,
    conversationId: victim,
    drafts: [{ clientId: nextId(), body: { type: 'handoffReady', channel: 'live' } }, draft('overheard?')],
  })
  await stage.ask(ownerSocket, 'sync', { v: 1, conversationId: victim, after: 0, epoch: '' })
  await until(() => heard.has('place'), 5_000)
  await stage.ask(desk, 'note', deskBody('note', victim, 0))
  await stage.ask(desk, 'presence', { v: 1, state: 'away' })
  await stage.ask(desk, 'claim', deskBody('claim', victim, assignment))
  // A beacon (2 s of the quick clock) and what the queue tells.
  const pushes = [...new Set([...PUSH_NAMES, ...FOR_AGENTS, 'agentPresence'])].filter(
    name => name !== 'restart',
  )
  await until(() => pushes.every(name => heard.has(name)), 5_000)
  for (const name of pushes)
    check(`push ${name} to those it is for`, heard.has(name) ? 'heard' : 'not heard', 'heard')
  tried += pushes.length
  wrong.push(...new Set(overheard))

  // ---- what was refused changed nothing: the claimed conversation holds what its user wrote, and no more

  const page = await stage.store.read(claimed, 0, 100)
  const texts = (page?.events ?? []).flatMap(({ body: { type, ...rest } }) =>
    type === 'message' ? [(rest as { text: string }).text] : [],
  )
  check('the claimed conversation', JSON.stringify(texts), JSON.stringify(['since I signed in']))
  const mine = await stage.store.read(victim, 0, 100)
  const intruders = (mine?.events ?? []).filter(
    ({ body }) => body.type === 'message' && body.text === INTRUSION,
  )
  // The owner's own two tries, one by each road.
  check('messages in the victim’s conversation', String(intruders.length), '2')
  check(
    'conversations that went missing',
    String([...before.keys()].filter(id => !stage.contents().has(id)).length),
    '0',
  )
  return { routesTried: tried, wrong }
}

const FOR_AGENTS: readonly string[] = ['queueChanged', 'detailsChanged', 'deskChanged']
const INTRUSION = 'written by a caller of the matrix'

function visitorBody(call: VisitorCall, conversationId: string, open: object): object {
  const bodies: Record<VisitorCall, object> = {
    open,
    send: { v: 1, conversationId, drafts: [draft(INTRUSION)] },
    sync: { v: 1, conversationId, after: 0, epoch: '' },
    typing: { v: 1, conversationId },
    availability: { v: 1 },
    conversations: { v: 1 },
    page: { v: 1, conversationId, page: emptyBrief().page },
    fileUrls: { v: 1, conversationId, attachmentIds: [] },
    openDispute: { v: 1, conversationId, reference: 'WM-4127' },
  }
  return bodies[call] ?? { v: 1, conversationId }
}

function deskBody(call: DeskCall, conversationId: string, expected: number): object {
  const bodies: Record<DeskCall, object> = {
    queue: { v: 1 },
    sync: { v: 1, conversationId, after: 0, epoch: '' },
    typing: { v: 1, conversationId },
    claim: { v: 1, conversationId, expected },
    release: { v: 1, conversationId, expected },
    openDispute: {
      v: 1,
      conversationId,
      otherConversationId: conversationId,
      reference: 'WM-4127',
      parties: ['client', 'freelancer'],
    },
    dispute: { v: 1, conversationId },
    similar: { v: 1, conversationId },
    usedSimilar: { v: 1, conversationId, from: conversationId, outcome: 'taken' },
    mediate: { v: 1, disputeId: nextId(), expected: 1, act: { kind: 'escalate' } },
    details: { v: 1, conversationId },
    note: { v: 1, conversationId, noteId: nextId(), text: 'for colleagues' },
    label: { v: 1, conversationId, label: 'tried', on: true },
    setPriority: { v: 1, conversationId, priority: 'high' },
    setCategory: { v: 1, conversationId, category: 'billing' },
    openTicket: { v: 1, conversationId },
    transfer: { v: 1, conversationId, expected, to: { team: 'nobody' } },
    presence: { v: 1, state: 'here' },
    people: { v: 1 },
    fileUrls: { v: 1, conversationId, attachmentIds: [] },
    replies: { v: 1 },
    settings: { v: 1 },
    saveReply: { v: 1, replyId: nextId(), expected: 0, shortcut: 'hi', title: 'Hi', text: 'Hello.' },
    dropReply: { v: 1, replyId: nextId(), expected: 0 },
    saveHours: { v: 1, expected: 0, hours: null },
    deliveries: { v: 1 },
    deliver: { v: 1, deliveryId: `${nextId()}.1.answered`, act: 'retry' },
    reviews: { v: 1 },
    judge: { v: 1, itemId: nextId(), expected: 0, verdict: 'right', article: null, words: '' },
    send: {
      v: 1,
      conversationId,
      drafts: [{ clientId: nextId(), body: { type: 'message', text: 'from the desk', format: 'markdown' } }],
    },
  }
  return bodies[call] ?? { v: 1, conversationId }
}

function wordOf(answer: Answer, theirs: string, expected?: Expected): string {
  if (!answer.ok) return answer.code ?? 'no code'
  const listed = (answer.conversations as { conversationId: string }[] | undefined) ?? []
  const isTheirs =
    answer.conversationId === theirs || listed.some(({ conversationId }) => conversationId === theirs)
  return expected === 'own' ? (isTheirs ? 'THEIRS' : 'own') : 'ok'
}

async function opened(stage: Stage, socket: Socket, body: object): Promise<string> {
  const answer = await stage.ask(socket, 'open', body)
  if (!answer.ok) throw new Error(`the stage could not open a conversation: ${answer.code}`)
  return String(answer.conversationId)
}

export async function until(isTrue: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms
  while (!isTrue() && Date.now() < end) await new Promise(done => setTimeout(done, 20))
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][]
}
