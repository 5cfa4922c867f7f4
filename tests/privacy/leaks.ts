// The real run: pages with planted secrets are read by the client's own code, which calls a real server over HTTP; the same
// is sent once more by a forged page that masks nothing. Then every byte that left the page, was stored, logged or put to
// the model is searched. Owns which place has which level.
//
//   place                                        cards, secrets   e-mail, phone, IBAN   numbers of orders …
//   page, url, journal, search facts, question   never            never                 kept
//   query, messages, details, rating             never            may be                kept

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEnvironment } from '../../src/base/environment'
import { redact } from '../../src/base/redact'
import { seeded } from '../../src/base/seeded'
import { createRemoteAnswer } from '../../src/bot/remoteAnswer'
import { readPage } from '../../src/context/pageContext'
import { createPageSignals } from '../../src/context/pageSignals'
import { visitorFacts } from '../../src/context/visitor'
import { buildBrief, pageForPerson } from '../../src/conversation/brief'
import { createRecorder } from '../../src/journal/recorder'
import { sendJournal } from '../../src/journal/sender'
import type { PageFacts } from '../../src/protocol/facts'
import { createRemoteSearch } from '../../src/search/remoteSearch'
import { ADMIT_ALL } from '../../src/server/admission'
import { createManualClock } from '../../src/testing/manualClock'
import { writeHelp } from '../support/builtHelp'
import { startHelpDesk } from '../support/helpDeskServer'
import { startModel } from '../support/languageModel'
import { sketch } from '../unit/search/shelf'
import { createPlants, type Plant, type PlantKind } from './plants'

export interface Leaks {
  readonly planted: number
  readonly numbers: number
  /** A line each: what, where it was planted, where it was found. */
  readonly leaked: readonly string[]
  readonly eaten: readonly string[]
  /** Words to a person: what they typed of e-mail, phone and account is still there. */
  readonly lost: readonly string[]
}

type Level = 'derived' | 'toPerson'
interface Sown extends Plant {
  readonly place: string
  readonly level: Level
  /** It never leaves: not even masked. */
  readonly stays: boolean
}

const SECRETS_A_ROUND = 40
const EMPTY_BRIEF = {
  reason: 'askedForPerson',
  page: { url: '', route: '/', title: '', name: '', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
  articlesRead: [],
  slots: [],
  turns: 0,
}

export async function searchForLeaks(wanted: number, seed: number): Promise<Leaks> {
  const plants = createPlants(seeded(seed))
  const sown: Sown[] = []
  let secrets = 0
  const KINDS: readonly PlantKind[] = ['card', 'secret', 'email', 'phone', 'iban']
  /** A plant in its words; every third is what only looks like a secret. */
  function sow(place: string, level: Level, stays = false): string {
    const isKept = plants.below(4) === 0 && !stays
    const plant = plants.next(isKept ? 'kept' : plants.pick(KINDS))
    if (!isKept) secrets++
    sown.push({ ...plant, place, level, stays })
    return plant.text
  }

  const folder = await mkdtemp(join(tmpdir(), 'asklet-privacy-'))
  const logged: string[] = []
  const left: string[] = []
  const model = await startModel()
  const help = join(folder, 'help')
  await writeHelp(help, [
    sketch({ id: 'a', title: 'Order is late', body: { Late: 'When an order is late, write to us.' } }),
  ])
  const data = join(folder, 'data')
  await mkdir(data)
  const server = await startHelpDesk(join(data, 'desk.db'), {
    helpDir: help,
    config: { journal: true },
    verifyVisitor: visitorId => ({ visitorId }),
    disputes: {
      parties: (_reference, visitorId) => ({
        parties: [
          { party: 'client', visitorId },
          { party: 'freelancer', visitorId: `other-than-${visitorId}` },
        ],
      }),
    },
    limits: { admission: ADMIT_ALL },
    languageModel: { url: model.url, model: 'small', perHour: 1_000_000 },
    log: line => logged.push(line),
  })
  const environment = createEnvironment()
  const recording = (async (address: string | URL | Request, init?: RequestInit) => {
    left.push(`${String(address)} ${String(init?.body ?? '')}`)
    return fetch(address, init)
  }) as typeof fetch
  const secret = 'a-visitor-with-much-to-tell'
  let ids = 0
  const call = async (name: string, body: object, token?: string) => {
    const response = await recording(`${server.base}/asklet/v1/${name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${secret}`,
        ...(token !== undefined && { 'x-asklet-token': token }),
      },
      body: JSON.stringify({ v: 1, ...body }),
    })
    const reply = (await response.json()) as {
      ok: boolean
      conversationId?: string
      disputeId?: string
      detail?: string
      code?: string
    }
    if (!reply.ok) throw new Error(`${name}: ${reply.code} ${reply.detail ?? ''}`)
    return reply
  }
  const clock = createManualClock()
  const journalEnvironment = { ...environment, fetch: recording, after: clock.after, now: clock.now }
  const recorder = createRecorder({
    now: clock.now,
    randomId: () => `record-${String(++ids).padStart(8, '0')}`,
  })
  const stopJournal = sendJournal(journalEnvironment, server.base, recorder, () => true)
  const search = createRemoteSearch({ url: server.base, fetch: recording, mayTellRoutes: () => true })
  const answers = createRemoteAnswer({ url: server.base, fetch: recording, clock: environment })

  /** What a round did, so that a forged page can do it unmasked. */
  async function round() {
    const where = scriptedDocument(sow)
    const memory = new Map<string, string>()
    const tab = {
      get: (key: string) => memory.get(key) ?? null,
      set: (key: string, value: string) => void memory.set(key, value),
    }
    const withSignals = createPageSignals(where.document, () => 0, tab as never)
    // Two pages before this one: the visitor's way.
    for (const route of [`/was/${sow('recentRoutes', 'derived')}`, '/before'])
      withSignals({ ...readPage(where.document, where.location), route: route.replace(/[?#].*/, '') })
    drop(plant => plant.place === 'recentRoutes' && /[?#]/.test(plant.text))
    const page: PageFacts = withSignals(readPage(where.document, where.location))
    const visitor = visitorFacts(
      { role: 'client', name: 'Ann', attributes: { plan: 'pro', note: sow('attributes', 'toPerson') } },
      'en',
    )
    const facts = { page, visitor }
    // A number that is still being typed stays back: these are typed to their end.
    const typed = [`${sow('query', 'toPerson')} today`, sow('question', 'derived')] as const
    await search.suggest(typed[0], facts as never).catch(() => {})
    await answers.ask({
      text: `why is it late? ${typed[1]}`,
      facts: facts as never,
      fallback: async () => 'x',
    } as never).turn
    const brief = buildBrief({
      reason: 'askedForPerson',
      facts: facts as never,
      articlesRead: [],
      bot: {
        slots: {
          order: { label: 'Order', value: sow('slot', 'toPerson') },
          reach: { label: 'Reach me', value: sow('slot', 'toPerson') },
        },
        question: sow('brief question', 'toPerson'),
      } as never,
      turns: 1,
      because: sow('because', 'toPerson'),
      tone: {
        frustration: 0.5,
        urgency: 0,
        distress: 0,
        evidence: [sow('evidence', 'toPerson').slice(0, 60)],
      },
    })
    // Evidence is cut to what the wire takes; a plant that was cut is no plant.
    drop(plant => plant.place === 'evidence' && plant.text.length > 60)
    const messages = Array.from({ length: 5 }, () => sow('message', 'toPerson'))
    const comment = sow('rating', 'toPerson')
    const { conversationId } = await call('open', { openId: `open-${++ids}-real`, brief })
    await call('send', {
      conversationId,
      drafts: [
        ...messages.map(text => ({
          clientId: `message-${++ids}`,
          body: { type: 'message', format: 'plain', text: redact(text, 'toPerson') },
        })),
        { clientId: `handoff-${++ids}`, body: { type: 'handoffReady', channel: 'ticket' } },
      ],
    })
    await call('page', { conversationId, page: pageForPerson(page) })
    await call('send', {
      conversationId,
      drafts: [
        {
          clientId: `rated-${++ids}-x`,
          body: { type: 'rated', score: 2, comment: redact(comment, 'toPerson') },
        },
      ],
    }).catch(() => drop(plant => plant.place === 'rating' && plant.text === comment))
    recorder.add({
      kind: 'answered',
      inputs: { query: sow('journal', 'derived'), shown: [sow('journal', 'derived')] },
      rule: 'ranking@1',
      reason: sow('journal', 'derived'),
    })
  }

  /** The same bodies as a page of our own would send, with nothing masked: the server is on its own. */
  async function forged() {
    const page = {
      url: `https://shop.example/${sow('forged page', 'derived')}`,
      route: sow('forged page', 'derived'),
      title: sow('forged page', 'derived'),
      name: sow('forged page', 'derived'),
      headings: [sow('forged page', 'derived'), sow('forged page', 'derived')],
      language: 'en',
      data: { order: sow('forged page', 'derived') },
      errors: [sow('forged page', 'derived')],
      recentRoutes: [sow('forged page', 'derived')],
    }
    const { conversationId } = await call('open', {
      openId: `open-${++ids}-forged`,
      brief: {
        reason: 'askedForPerson',
        because: sow('forged brief', 'toPerson'),
        page,
        visitor: { locale: 'en', attributes: { note: sow('forged brief', 'toPerson') } },
        articlesRead: [{ articleId: 'a', title: sow('forged brief', 'toPerson') }],
        slots: [{ name: 'a', label: 'A', value: sow('forged brief', 'toPerson') }],
        question: sow('forged brief', 'toPerson'),
        turns: 0,
      },
    })
    await call('send', {
      conversationId,
      drafts: [
        ...Array.from({ length: 3 }, () => ({
          clientId: `forged-${++ids}`,
          body: { type: 'message', format: 'plain', text: sow('forged message', 'toPerson') },
        })),
        {
          clientId: `forged-${++ids}`,
          body: { type: 'contested', about: 'answer', words: sow('forged objection', 'toPerson') },
        },
        { clientId: `forged-handoff-${++ids}`, body: { type: 'handoffReady', channel: 'ticket' } },
      ],
    })
    await call('page', { conversationId, page: { ...page, name: sow('forged page', 'derived') } })
    const who = `visitor-${++ids}`
    const disputed = await call('open', { openId: `open-${++ids}-dispute`, brief: EMPTY_BRIEF }, who)
    const about = sow('forged reference', 'toPerson').replace(/\s+/g, ' ').trim()
    const { disputeId } = await call(
      'openDispute',
      { conversationId: disputed.conversationId, reference: about.slice(0, 120) },
      who,
    )
    drop(plant => plant.place === 'forged reference' && plant.text !== about.slice(0, 120))
    await call(
      'send',
      {
        conversationId: disputed.conversationId,
        drafts: [
          {
            clientId: `forged-${++ids}`,
            body: { type: 'disputeStated', disputeId, text: sow('forged dispute', 'toPerson') },
          },
        ],
      },
      who,
    )
    await call('journal', {
      records: [
        {
          id: `forged-record-${++ids}`,
          kind: 'answered',
          at: 1,
          inputs: { words: sow('forged journal', 'derived') },
          rule: 'r@1',
          reason: sow('forged journal', 'derived'),
        },
      ],
    })
    const facts = {
      page: { route: '/x', name: sow('forged question', 'derived').slice(0, 300), headings: [] },
      visitor: { locale: 'en' },
    }
    await recording(`${server.base}/asklet/v1/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        v: 1,
        question: `why is it late? ${sow('forged question', 'derived')}`.slice(0, 500),
        facts,
      }),
    }).then(response => response.text())
  }
  const drop = (isOut: (plant: Sown) => boolean) => {
    for (let n = sown.length - 1; n >= 0 && n >= sown.length - SECRETS_A_ROUND; n--)
      if (isOut(sown[n] as Sown)) {
        if (sown[n]?.kind !== 'kept') secrets--
        sown.splice(n, 1)
      }
  }

  try {
    let forgedFrom = 0
    while (secrets < wanted * 0.7) {
      await round()
      if (ids % 7 === 0) await clock.advance(5_000)
    }
    for (let n = 0; n < 60; n++) {
      await clock.advance(5_000)
      await new Promise(setImmediate)
    }
    await until(() => recorder.take(1).length === 0)
    // What a forged page sends has left a page that is not ours: of it only what the server keeps is searched.
    const leftByUs = left.length
    forgedFrom = sown.length
    while (secrets < wanted) await forged()
    stopJournal()
    await server.close()
    await model.close()

    const stored = await bytesOf(data)
    const prompts = model.asked.map(({ body }) => body.messages.map(({ content }) => content).join('\n'))
    const values = sown.map(({ value }) => value)
    const kept = foundIn([...stored, ...logged, ...prompts], values)
    const out = foundIn(left.slice(0, leftByUs), values)
    const leaked: string[] = []
    const eaten: string[] = []
    const lost: string[] = []
    for (const [n, plant] of sown.entries()) {
      const { kind, place, level, stays, value } = plant
      const inStore = kept.has(value) || (kind !== 'kept' && kept.has(`compact ${value}`))
      const inWire = n < forgedFrom && (out.has(value) || (kind !== 'kept' && out.has(`compact ${value}`)))
      const isForbidden = kind === 'card' || kind === 'secret' || level === 'derived' || stays
      const line = `${kind} of ${place}: ${JSON.stringify(plant.text)}`
      if (kind === 'kept') {
        if (!inStore && !(inWire && /query|question/.test(place))) eaten.push(line)
      } else if (isForbidden) {
        if (inWire) leaked.push(`${line} left the page`)
        if (inStore) leaked.push(`${line} is stored, logged or asked`)
      } else if (!inStore && !inWire) lost.push(line)
    }
    return { planted: secrets, numbers: sown.length - secrets, leaked, eaten, lost }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const until = async (holds: () => boolean) => {
  for (let n = 0; n < 200 && !holds(); n++) await new Promise(done => setTimeout(done, 5))
}

async function bytesOf(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    files.filter(file => file.isFile()).map(file => readFile(join(file.parentPath, file.name), 'utf8')),
  )
}

/** A document of the few questions that the client asks of one, with plants in its title, headings, marks and address. */
function scriptedDocument(sow: (place: string, level: Level, stays?: boolean) => string) {
  const element = (attributes: Readonly<Record<string, string>>, text = '', tagName = 'DIV') => ({
    tagName,
    textContent: text,
    name: attributes.name,
    content: attributes.content,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    getAttribute: (name: string) => attributes[name] ?? null,
    checkVisibility: () => true,
  })
  const metas = [
    element({ name: 'asklet:order', content: sow('meta', 'derived') }),
    element({ name: 'asklet:error', content: sow('meta error', 'derived') }),
  ]
  const marked = [
    element({
      'data-asklet-page': sow('data-asklet-page', 'derived'),
      'data-asklet-contract': sow('data attribute', 'derived'),
    }),
  ]
  const headings = [
    element({}, sow('heading', 'derived'), 'H1'),
    element({}, sow('heading', 'derived'), 'H2'),
    element({}, sow('heading', 'derived'), 'H2'),
  ]
  const document = {
    title: sow('title', 'derived'),
    documentElement: { lang: 'en' },
    querySelectorAll: (selector: string) =>
      selector.startsWith('meta[name^=')
        ? metas
        : selector.startsWith('meta[name="asklet:error')
          ? metas.slice(1)
          : selector.startsWith('[data-asklet-page]')
            ? marked
            : selector === 'h1,h2'
              ? headings
              : [],
    getElementById: () => null,
  }
  const location = {
    origin: 'https://shop.example',
    pathname: `/account/${encodeURIComponent(sow('path', 'derived').slice(0, 200))}`,
    search: `?q=${encodeURIComponent(sow('url query', 'derived', true))}`,
    hash: `#${encodeURIComponent(sow('fragment', 'derived', true))}`,
  }
  return { document: document as unknown as Document, location: location as unknown as Location }
}

const SEED = 7

/** Which of `values` stand in these texts: as they are, as part of an address, or without what parts their digits. */
export function foundIn(texts: readonly string[], values: readonly string[]): ReadonlySet<string> {
  const plain = texts.join('\n')
  const found = new Set<string>()
  lookFor(
    `${plain}\n${decoded(plain)}`,
    values.map(value => [value, value] as const),
    found,
  )
  // Short ones would be found anywhere.
  const bare = values
    .map(value => [compact(value), `compact ${value}`] as const)
    .filter(([form]) => form.length >= 12)
  lookFor(compact(decoded(plain)), bare, found)
  return found
}

/** One way through the text, by the ends of the values: many of them begin alike. */
function lookFor(text: string, forms: readonly (readonly [form: string, as: string])[], found: Set<string>) {
  const byEnd = new Map<string, (readonly [form: string, as: string])[]>()
  for (const entry of forms) {
    const end = entry[0].slice(-SEED)
    if (end.length < SEED) {
      if (text.includes(entry[0])) found.add(entry[1])
    } else byEnd.set(end, [...(byEnd.get(end) ?? []), entry])
  }
  for (let at = SEED; at <= text.length; at++) {
    const here = byEnd.get(text.slice(at - SEED, at))
    if (here) for (const [form, as] of here) if (text.endsWith(form, at)) found.add(as)
  }
}

const compact = (text: string) => text.replace(/[\s\u00a0()-]/g, '')
const decoded = (text: string) =>
  text.replace(/(?:%[\da-f]{2})+/gi, code => {
    try {
      return decodeURIComponent(code)
    } catch {
      return code
    }
  })
