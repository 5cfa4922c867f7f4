// A person with a word of its own in every field that they, their host or an agent about them can fill: is all of it in
// their export, is nothing of it in any byte of the data folder once they are erased, and is all that is not theirs still
// there? Over a real server with the embedded store, among other people's conversations, so that pages of the database were
// split and filled again.

import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DESK_NAMESPACE } from '../../src/protocol/version'
import { ADMIT_ALL } from '../../src/server/admission'
import { startHelpDesk } from '../support/helpDeskServer'

export interface Canaries {
  readonly planted: number
  /** Names of canaries: not in the export; in files of the data folder afterwards; still answered by the server. */
  readonly notExported: readonly string[]
  readonly left: readonly string[]
  /** What is not theirs and is gone. */
  readonly lost: readonly string[]
  readonly eraseMs: number
  readonly bytes: number
}

const OTHERS = 120

export async function searchForCanaries(): Promise<Canaries> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-canaries-'))
  const data = join(folder, 'data')
  await mkdir(data)
  const planted: { readonly where: string; readonly value: string }[] = []
  const kept: string[] = []
  let n = 0
  /** Letters alone, so that nothing masks it. */
  const word = (mark: string) => {
    const number = String(++n).padStart(5, '0')
    return `${mark}${[...number].map(digit => 'ABCDEFGHIJ'[Number(digit)]).join('')}zq`
  }
  const plant = (where: string) => {
    const value = word('canary')
    planted.push({ where, value })
    return value
  }
  const other = () => {
    const value = word('bystander')
    kept.push(value)
    return value
  }
  // Whoever is told of it answers with what it was told, and takes nothing: the try stays, with what went wrong.
  const receiver = createServer((request, response) => {
    response.writeHead(500)
    request.pipe(response)
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  const logged: string[] = []
  const visitorId = plant('host’s id of the visitor')
  const name = plant('name in the token')
  const nameInDispute = plant('name in a dispute')
  /** Shared with them, so it is in their export: its writer's all the same. */
  const ofOtherSide = word('othersidesaid')
  const server = await startHelpDesk(join(data, 'desk.db'), {
    attachmentsDir: join(data, 'files'),
    config: { journal: true },
    limits: { admission: ADMIT_ALL },
    verifyVisitor: token =>
      token === 'token-of-the-visitor'
        ? { visitorId, name }
        : token === 'token-of-the-other-side'
          ? { visitorId: 'the-other-side' }
          : null,
    disputes: {
      parties: () => ({
        parties: [
          { party: 'client', visitorId, name: nameInDispute },
          { party: 'freelancer', visitorId: 'the-other-side' },
        ],
      }),
    },
    mail: { url: `smtp://127.0.0.1:${port}`, from: 'help@shop.example', pageUrl: 'https://shop.example/' },
    webhooks: [
      {
        url: `http://127.0.0.1:${port}/`,
        secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
        includeText: true,
        allowPrivate: true,
      },
    ],
    verifyAgent: request =>
      request.headers.authorization === 'Bearer agent'
        ? { agentId: 'agent-bob', name: 'Bob', roles: ['lead'] }
        : null,
    log: line => logged.push(line),
  })
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${server.base}/asklet/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ v: 1, ...body }),
    })
    return (await response.json()) as Record<string, unknown> & { ok: boolean }
  }
  const must = async (path: string, body: object, headers: Readonly<Record<string, string>>) => {
    const reply = await post(path, body, headers)
    if (!reply.ok) throw new Error(`${path}: ${JSON.stringify(reply)}`)
    return reply
  }
  const socket = await server.socketTo(DESK_NAMESPACE, { v: 1 }, { authorization: 'Bearer agent' })
  const desk = async (call: string, body: object) =>
    (await socket.emitWithAck(call, { v: 1, ...body })) as Record<string, unknown> & { ok: boolean }
  const mustDesk = async (call: string, body: object) => {
    const reply = await desk(call, body)
    if (!reply.ok) throw new Error(`${call}: ${JSON.stringify(reply)}`)
  }

  /** A conversation with something in each field, of whatever words `say` gives. */
  async function fill(
    say: (where: string) => string,
    headers: Readonly<Record<string, string>>,
    ends = true,
  ): Promise<string> {
    const page = (say: (where: string) => string) => ({
      url: `https://shop.example/${say('page url')}`,
      route: `/${say('page route')}`,
      title: say('page title'),
      name: say('page name'),
      headings: [say('page heading')],
      language: 'en',
      data: { [say('page data name')]: say('page data') },
      errors: [say('page error')],
      recentRoutes: [`/${say('recent route')}`],
    })
    const opened = await must(
      'open',
      {
        openId: say('open id'),
        brief: {
          reason: 'askedForPerson',
          because: say('because'),
          category: say('category'),
          tone: { frustration: 0, urgency: 0, distress: 0, evidence: [say('evidence')] },
          page: page(say),
          visitor: {
            role: say('role'),
            name: headers['x-asklet-token'] ? 'Somebody' : say('visitor name'),
            email: `${say('visitor email')}@example.org`,
            locale: 'en',
            attributes: { [say('attribute name')]: say('attribute') },
          },
          articlesRead: [{ articleId: 'a', title: say('article read') }],
          tried: [{ articleId: 'a', title: say('article tried') }],
          flow: { id: say('flow id'), title: say('flow title'), step: say('flow step') },
          slots: [{ name: say('detail name'), label: say('detail label'), value: say('detail') }],
          question: say('question'),
          turns: 1,
        },
      },
      headers,
    )
    const conversationId = String(opened.conversationId)
    const send = (...bodies: object[]) =>
      must(
        'send',
        { conversationId, drafts: bodies.map(body => ({ clientId: say('client id'), body })) },
        headers,
      )
    await must(
      'send',
      {
        conversationId,
        drafts: [
          {
            clientId: say('client id of the bot’s turn'),
            as: 'bot',
            origin: 'device',
            body: { type: 'message', format: 'plain', text: say('bot’s turn') },
          },
        ],
      },
      headers,
    )
    await send(
      { type: 'message', format: 'plain', text: say('message') },
      // Over several pages of the database.
      {
        type: 'message',
        format: 'plain',
        text: `${say('long message')} ${'word '.repeat(700)} ${say('end of it')}`,
      },
      {
        type: 'handoffReady',
        channel: 'ticket',
        contact: { email: `${say('contact')}@example.org`, phone: '+49 30 5550100' },
      },
    )
    const uploaded = await fetch(
      `${server.base}/asklet/v1/upload?${new URLSearchParams({ conversation: conversationId, name: `${say('file name')}.txt` })}`,
      {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/plain', 'x-asklet-upload': say('upload id') },
        body: `bytes of ${say('file')}`,
      },
    )
    const { attachment } = (await uploaded.json()) as { attachment?: object }
    if (!attachment) throw new Error('the upload was refused')
    await send({
      type: 'message',
      format: 'plain',
      text: say('message with a file'),
      attachments: [attachment],
    })
    await send({ type: 'contactGiven', contact: { email: `${say('later contact')}@example.org` } })
    // Where somebody is is forgotten once their conversation ends.
    await must('page', { conversationId, page: page(ends ? () => 'elsewhere' : say) }, headers)
    await must(
      'journal',
      {
        conversationId,
        records: [
          {
            id: `record-${++n}-x`,
            kind: 'answered',
            at: 1,
            inputs: { words: say('journal input') },
            rule: say('journal rule'),
            reason: say('journal reason'),
          },
        ],
      },
      headers,
    )
    await mustDesk('note', { conversationId, noteId: `note-${++n}-xx`, text: say('note about them') })
    await mustDesk('label', { conversationId, label: say('label'), on: true })
    await mustDesk('claim', { conversationId, expected: 0 })
    await mustDesk('send', {
      conversationId,
      drafts: [
        {
          clientId: `agent-${++n}-xx`,
          body: { type: 'message', format: 'markdown', text: say('agent’s answer') },
        },
      ],
    })
    await send({ type: 'message', format: 'plain', text: say('answer') })
    const objected = await send({
      type: 'contested',
      about: 'answer',
      target: say('what an objection is to'),
      words: say('objection'),
    })
    if (!ends) return conversationId
    const [{ seq }] = objected.results as [{ seq: number }]
    await mustDesk('send', {
      conversationId,
      drafts: [
        {
          clientId: `agent-${++n}-xx`,
          body: {
            type: 'contestAnswered',
            contest: seq,
            outcome: 'upheld',
            words: say('answer to an objection'),
          },
        },
      ],
    })
    await mustDesk('setCategory', { conversationId, category: say('category that an agent says') })
    await mustDesk('send', {
      conversationId,
      drafts: [
        {
          clientId: `agent-${++n}-xx`,
          body: { type: 'ended', by: 'agent', category: say('category of the end') },
        },
      ],
    })
    await send({ type: 'rated', score: 1, comment: say('rating') })
    return conversationId
  }

  /** Both have said their side of it. @returns the other side's conversation */
  async function dispute(
    conversationId: string,
    headers: Readonly<Record<string, string>>,
    otherSide: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { disputeId } = await must('openDispute', { conversationId, reference: 'WM-4127' }, headers)
    const listed = await must('conversations', {}, otherSide)
    const [theirs] = listed.conversations as [{ conversationId: string }]
    const state = (where: string, who: Readonly<Record<string, string>>, text: string) =>
      must(
        'send',
        {
          conversationId: where,
          drafts: [{ clientId: `stated-${++n}-xx`, body: { type: 'disputeStated', disputeId, text } }],
        },
        who,
      )
    await state(conversationId, headers, plant('side of a dispute'))
    await state(theirs.conversationId, otherSide, ofOtherSide)
    for (let turn = 0; turn < 200; turn++) {
      const page = await must(
        'sync',
        { conversationId: theirs.conversationId, after: 0, epoch: '' },
        otherSide,
      )
      if (JSON.stringify(page).includes('disputeShared')) return theirs.conversationId
      await new Promise(done => setTimeout(done, 10))
    }
    throw new Error('what both sides said was not shared')
  }

  const device = { authorization: 'Bearer the-device-of-the-visitor' }
  const nobody = (i: number) => ({ authorization: `Bearer device-of-a-bystander-${i}` })
  const small = async (i: number) => {
    const opened = await must(
      'open',
      { openId: `open-of-${i}-xx`, brief: { ...EMPTY, question: other() } },
      nobody(i),
    )
    await must(
      'send',
      {
        conversationId: opened.conversationId,
        drafts: [
          {
            clientId: `words-${i}-xx`,
            body: { type: 'message', format: 'plain', text: `${other()} ${'x '.repeat((i % 9) * 50)}` },
          },
        ],
      },
      nobody(i),
    )
    return String(opened.conversationId)
  }

  try {
    for (let i = 0; i < OTHERS / 2; i++) await small(i)
    // As anybody, and later claimed by the signed-in visitor; again as anybody on the same device; signed in elsewhere.
    const first = await fill(plant, device)
    await must(
      'sync',
      { conversationId: first, after: 0, epoch: '' },
      { ...device, 'x-asklet-token': 'token-of-the-visitor' },
    )
    await fill(plant, device)
    for (let i = OTHERS / 2; i < OTHERS; i++) await small(i)
    const signedIn = {
      authorization: 'Bearer another-device-of-theirs',
      'x-asklet-token': 'token-of-the-visitor',
    }
    const disputed = await fill(plant, signedIn, false)
    const otherSide = {
      authorization: 'Bearer device-of-the-other-side',
      'x-asklet-token': 'token-of-the-other-side',
    }
    const theirs = await dispute(disputed, signedIn, otherSide)
    await fill(other, nobody(1))

    const exported = await server.helpDesk.exportPerson({ visitorId })
    const json = JSON.stringify(exported.data)
    const asFiles = exported.files
      .map(({ bytes, path }) => `${path}\n${Buffer.from(bytes).toString()}`)
      .join('\n')
    const notExported = planted.flatMap(({ where, value }) => [
      ...(json.includes(value) || asFiles.includes(value) ? [] : [`${where} (JSON)`]),
      ...(exported.html.includes(value) || asFiles.includes(value) ? [] : [`${where} (HTML)`]),
    ])
    const others = kept
      .filter(value => json.includes(value))
      .map(value => `${value} of somebody else is in the export`)

    const person = await server.store.findPerson({ visitorId })
    const deliveries = async () => (await server.store.personRows(person)).asklet_deliveries?.length ?? 0
    if ((await deliveries()) === 0) throw new Error('nothing was to leave the server')
    const started = performance.now()
    await server.helpDesk.erase({ visitorId })
    const eraseMs = performance.now() - started
    // While the server runs: what a stolen disk, or a backup of this moment, would hold.
    const running = await readAll(data)
    const found = (texts: readonly string[], when: string) =>
      planted
        .filter(({ value }) => texts.some(text => text.includes(value)))
        .map(({ where }) => `${where}, ${when}`)
    const answered = JSON.stringify([
      await desk('sync', { conversationId: first, after: 0, epoch: '' }),
      await desk('details', { conversationId: first }),
      await desk('queue', {}),
      await desk('dispute', { conversationId: theirs }),
      await post('sync', { conversationId: theirs, after: 0, epoch: '' }, otherSide),
      await post('conversations', {}, { ...device, 'x-asklet-token': 'token-of-the-visitor' }),
    ])
    const left = [
      ...found(
        running.map(({ text }) => text),
        'in the data folder',
      ),
      ...found([answered], 'told by the server'),
      ...found(logged, 'in the log'),
      ...((await deliveries()) > 0 ? ['what was to leave the server'] : []),
    ]
    // What happens afterwards brings nothing back.
    await small(OTHERS + 1)
    await server.close()
    const closed = await readAll(data)
    left.push(
      ...found(
        closed.map(({ text }) => text),
        'in the data folder of the stopped server',
      ),
    )
    const whole = closed.map(({ text }) => text).join('\n')
    const lost = [
      ...others,
      ...[...kept, ofOtherSide]
        .filter(value => !whole.includes(value))
        .map(value => `${value} of somebody else is gone`),
    ]
    return {
      planted: planted.length,
      notExported,
      left,
      lost,
      eraseMs,
      bytes: closed.reduce((sum, { text }) => sum + text.length, 0),
    }
  } finally {
    receiver.close()
    receiver.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  }
}

const EMPTY = {
  reason: 'askedForPerson',
  page: { url: '', route: '/', title: '', name: '', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
  articlesRead: [],
  slots: [],
  turns: 0,
}

/** Every file, whatever it is called, byte by byte. */
async function readAll(folder: string): Promise<{ readonly path: string; readonly text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => {
        const path = join(entry.parentPath, entry.name)
        return { path, text: `${entry.name}\n${await readFile(path, 'latin1')}` }
      }),
  )
}
