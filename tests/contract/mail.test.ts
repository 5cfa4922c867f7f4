// Mail against a real SMTP server on this machine: what is taken, refused, put off and cut, and what a visitor finds
// in the inbox.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { LEASE_MS } from '../../src/server/outbound/dispatcher'
import { createMailSender, readMailOptions } from '../../src/server/outbound/mail'
import { openSmtp } from '../../src/server/outbound/smtp'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { startHelpDesk } from '../support/helpDeskServer'
import { ADA, type Outbox, openOutbox, VISITOR, words } from '../support/outbox'

interface Inbox {
  readonly port: number
  /** Whole mails as they came over the wire. */
  readonly mails: string[]
  readonly recipients: string[]
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** @param onMail  what is answered to the n-th mail; an error, or nothing: taken */
async function smtpServer(
  options: SMTPServerOptions = {},
  onMail: (n: number) => Error | null | 'cut' = () => null,
): Promise<Inbox> {
  const inbox = { port: 0, mails: [] as string[], recipients: [] as string[] }
  let n = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 100,
    onRcptTo(address, _session, done) {
      inbox.recipients.push(address.address)
      done()
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const answer = onMail(n++)
        inbox.mails.push(Buffer.concat(chunks).toString('utf8'))
        if (answer === 'cut') {
          // Taken, and the line dies before it is said.
          for (const connection of connections()) connection._socket?.destroy()
          return
        }
        done(answer)
      })
    },
    ...options,
  })
  const connections = () =>
    (server as unknown as { connections: Set<{ _socket?: { destroy(): void } }> }).connections
  server.on('error', () => {})
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  inbox.port = (server.server.address() as AddressInfo).port
  closing.push(() => new Promise<void>(done => server.close(() => done())))
  return inbox
}

const status = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

async function scene(url: string, more: { ca?: string; replyTo?: string } = {}, store?: HelpDeskStore) {
  const outbox = await openOutbox({ mail: true, webhooks: [] }, store)
  const settings = readMailOptions({
    url,
    from: 'Example help <help@shop.example>',
    pageUrl: 'https://shop.example/help',
    ...more,
  })
  const transport = await openSmtp({ url, ...more })
  const mail = createMailSender({ store: outbox.store, settings, transport, hours: async () => null })
  const running = outbox.dispatcher({ mail })
  // Moving the clock begins a look of its own, which another one joins: the second is of now.
  const dispatcher = {
    async run() {
      await running.run()
      await running.run()
    },
    close: running.close,
  }
  closing.push(async () => {
    await dispatcher.close()
    transport.close()
    await outbox.close()
  })
  return { outbox, dispatcher }
}

const header = (mail: string | undefined, name: string) =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im').exec(mail ?? '')?.[1]?.replace(/\r\n\s*/g, ' ')

const states = (outbox: Outbox) => outbox.store.countDeliveries()

describe('mail over SMTP', () => {
  test('[O1] a ticket is acknowledged to its address, once, and nothing that a stranger typed goes along', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await outbox.say('conversation-1', VISITOR, words('Buy pills at https://spam.example'))
    await dispatcher.run()
    await dispatcher.run()
    expect(inbox.recipients).toEqual(['mia@example.com'])
    const [mail] = inbox.mails
    expect(header(mail, 'subject')).toBe('We have your ticket #1001')
    expect(header(mail, 'from')).toBe('Example help <help@shop.example>')
    expect(header(mail, 'auto-submitted')).toBe('auto-replied')
    expect(header(mail, 'x-auto-response-suppress')).toBe('All')
    expect(header(mail, 'message-id')).toMatch(/^<[0-9a-f]{32}@shop\.example>$/)
    expect(mail).not.toMatch(/pills|spam|conversation-1/)
    expect(mail).toContain('https://shop.example/help')
    expect(await states(outbox)).toMatchObject({ sent: 1, waiting: 0 })
  })

  test('[O6] a visitor who reads Japanese is written to in Japanese', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com', 'ja-JP')
    await dispatcher.run()
    expect(header(inbox.mails[0], 'subject')).toMatch(/^=\?UTF-8\?/)
    expect(inbox.mails[0]).toMatch(/lang=3D"ja-JP"|lang="ja-JP"|Content-Transfer-Encoding: base64/)
  })

  test('[O2] three lines of an agent are one mail, in the thread of the ticket', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    for (const line of ['We found it.', 'It was in the post.', 'Sorry for that.'])
      await outbox.say('conversation-1', ADA, words(line))
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(1)
    outbox.clock.advance(61_000)
    await dispatcher.run()
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(2)
    expect(inbox.mails[1]).toMatch(/We found it\.[\s\S]*It was in the post\.[\s\S]*Sorry for that\./)
    expect(header(inbox.mails[1], 'references')).toBe(header(inbox.mails[0], 'references'))
    expect(header(inbox.mails[1], 'message-id')).not.toBe(header(inbox.mails[0], 'message-id'))
    expect(await states(outbox)).toEqual({ waiting: 0, sent: 2, dropped: 2, failed: 0 })
  })

  test('[O2] who is connected has five minutes to read, and who has read gets no mail', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    const { store, clock } = outbox
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    await outbox.say('conversation-1', ADA, words('We found it.'))
    const identity = 'anon:conversation-1'
    clock.advance(61_000)
    await store.setPresence({ identity, node: 'n1', connected: true, at: clock.now() })
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(1)
    clock.advance(4 * 60_000)
    await store.setPresence({ identity, node: 'n1', connected: true, at: clock.now() })
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(2)
    await outbox.say('conversation-1', ADA, words('Anything else?'))
    await outbox.say('conversation-1', VISITOR, { type: 'marked', delivered: 4, read: 4 })
    clock.advance(61_000)
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(2)
  })

  test('[O5] a server that is busy is asked again later, under the same Message-ID', async () => {
    const inbox = await smtpServer({}, n => (n === 0 ? status(451, 'try later') : null))
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    expect(await states(outbox)).toMatchObject({ waiting: 1, sent: 0 })
    outbox.clock.advance(31_000)
    await dispatcher.run()
    expect(await states(outbox)).toMatchObject({ waiting: 0, sent: 1 })
    expect(header(inbox.mails[1], 'message-id')).toBe(header(inbox.mails[0], 'message-id'))
    expect(outbox.logged.join()).toMatch(/deliveryRetried/)
    expect(outbox.logged.join()).not.toMatch(/mia@/)
  })

  test('[O5] an address that does not exist fails for good, and is kept to be seen', async () => {
    const inbox = await smtpServer({
      onRcptTo: (_address, _session, done) => done(status(550, 'no such user')),
    })
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    expect(inbox.mails).toEqual([])
    const [failed] = await outbox.store.failedDeliveries(10)
    expect(failed).toMatchObject({ kind: 'acknowledged', attempts: 1, problem: expect.stringMatching(/550/) })
    expect(JSON.stringify(failed)).not.toContain('mia@')
  })

  test('[O5] a line that is cut before the answer is a second mail with the same Message-ID', async () => {
    const inbox = await smtpServer({}, n => (n === 0 ? 'cut' : null))
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    outbox.clock.advance(31_000)
    await dispatcher.run()
    outbox.clock.advance(24 * 60 * 60_000)
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(2)
    expect(header(inbox.mails[1], 'message-id')).toBe(header(inbox.mails[0], 'message-id'))
  })

  test('[O5] a mail server that stays away for three days: given up, and said', async () => {
    const inbox = await smtpServer({}, () => status(451, 'never'))
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    for (let tries = 0; tries < 11; tries++) {
      await dispatcher.run()
      outbox.clock.advance(8 * 60 * 60_000)
    }
    expect(await states(outbox)).toMatchObject({ waiting: 0, failed: 1 })
    expect(outbox.logged.at(-1)).toMatch(/deliveryFailed.*given up/)
  })

  test('[O7] a fourth acknowledgement to one address within the hour is not sent, whichever conversation', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    for (let n = 1; n <= 5; n++) {
      await outbox.ticket(`conversation-${n}`, n % 2 === 0 ? `mia+${n}@example.com` : 'Mia@example.com')
      await dispatcher.run()
    }
    expect(inbox.mails).toHaveLength(3)
    outbox.clock.advance(61 * 60_000)
    await outbox.ticket('conversation-9', 'mia@example.com')
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(4)
  })

  test('[O7] an address that would be two, or a header, is written to by nobody', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    for (const [n, email] of ['a@b.example,c@d.example', 'a@b.example\r\nBcc: c@d.example'].entries())
      await outbox.ticket(`conversation-${n}`, email)
    await dispatcher.run()
    expect(inbox.recipients).toEqual([])
    expect(await states(outbox)).toMatchObject({ dropped: 2 })
  })

  test('[S53] what waits for an erased conversation is not sent', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await outbox.store.erase('conversation-1', 9_000)
    await dispatcher.run()
    expect(inbox.mails).toEqual([])
  })

  test('[O4] two dispatchers on one store send one mail', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    const transport = await openSmtp({ url: `smtp://127.0.0.1:${inbox.port}` })
    const settings = readMailOptions({ url: '', from: 'help@shop.example', pageUrl: 'https://shop.example' })
    const second = outbox.dispatcher({
      mail: createMailSender({ store: outbox.store, settings, transport, hours: async () => null }),
    })
    for (let n = 1; n <= 12; n++) await outbox.ticket(`conversation-${n}`, `visitor-${n}@example.com`)
    await Promise.all([dispatcher.run(), second.run()])
    await Promise.all([dispatcher.run(), second.run()])
    expect(inbox.recipients.sort()).toEqual([...new Set(inbox.recipients)].sort())
    expect(inbox.mails).toHaveLength(12)
    await second.close()
    transport.close()
  })

  test('[O5] whoever dies while sending leaves it to the next, once the lease has ended', async () => {
    const inbox = await smtpServer()
    const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    const now = outbox.clock.now()
    await outbox.store.claimDeliveries({
      lease: 'dead',
      roads: ['mail'],
      now,
      until: now + 120_000,
      limit: 1,
    })
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(0)
    outbox.clock.advance(120_000)
    await dispatcher.run()
    expect(inbox.mails).toHaveLength(1)
  })
})

test('[O5] a server that is killed while a mail server takes a mail: the next one sends it again, as the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-killed-'))
  // Below the project, so that packages are found.
  const program = resolve(import.meta.dirname, `../../dist/tests/outboxChild-${process.pid}.mjs`)
  await build({
    entryPoints: [resolve(import.meta.dirname, '../support/outboxChild.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: program,
    logLevel: 'error',
  })
  closing.push(async () => {
    rmSync(folder, { recursive: true })
    rmSync(program)
  })
  const file = join(folder, 'desk.db')
  let child: ChildProcess | undefined
  const inbox = await smtpServer({}, n => {
    if (n === 0) child?.kill('SIGKILL')
    return null
  })
  child = spawn(process.execPath, [program, file, String(inbox.port)], { stdio: 'ignore' })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')

  const store = await openSqlStore({ file })
  expect(await store.countDeliveries()).toMatchObject({ waiting: 1, sent: 0 })
  const { outbox, dispatcher } = await scene(`smtp://127.0.0.1:${inbox.port}`, {}, store)
  await dispatcher.run()
  expect(inbox.mails).toHaveLength(1)
  outbox.clock.advance(LEASE_MS + 1_000)
  await dispatcher.run()
  expect(inbox.mails).toHaveLength(2)
  expect(header(inbox.mails[1], 'message-id')).toBe(header(inbox.mails[0], 'message-id'))
  expect(await store.countDeliveries()).toMatchObject({ waiting: 0, sent: 1 })
  await dispatcher.close()
  await store.close()
}, 20_000)

describe('TLS to a mail server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-tls-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1'.split(
        ' ',
      ),
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  )
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
  rmSync(folder, { recursive: true })

  test('a certificate of the site’s own authority is taken, by STARTTLS and from the start', async () => {
    for (const secure of [false, true]) {
      const inbox = await smtpServer({ key, cert, secure, disabledCommands: [] })
      const { outbox, dispatcher } = await scene(`${secure ? 'smtps' : 'smtp'}://127.0.0.1:${inbox.port}`, {
        ca: cert,
      })
      await outbox.ticket('conversation-1', 'mia@example.com')
      await dispatcher.run()
      expect(inbox.mails).toHaveLength(1)
      expect(inbox.mails[0]).toBeDefined()
    }
  })

  test('a certificate that nobody vouches for is refused: nothing is sent, and it is tried again', async () => {
    const inbox = await smtpServer({ key, cert, secure: true })
    const { outbox, dispatcher } = await scene(`smtps://127.0.0.1:${inbox.port}`)
    await outbox.ticket('conversation-1', 'mia@example.com')
    await dispatcher.run()
    expect(inbox.recipients).toEqual([])
    expect(await states(outbox)).toMatchObject({ waiting: 1 })
  })
})

test('[O1] a visitor who leaves a ticket at a running help desk finds its number in the inbox', async () => {
  const inbox = await smtpServer()
  const folder = mkdtempSync(join(tmpdir(), 'asklet-desk-'))
  const desk = await startHelpDesk(join(folder, 'desk.db'), {
    mail: {
      url: `smtp://127.0.0.1:${inbox.port}`,
      from: 'help@shop.example',
      pageUrl: 'https://shop.example/help',
      firstAnswerHours: 8,
    },
  })
  closing.push(async () => {
    await desk.close()
    rmSync(folder, { recursive: true })
  })
  const call = async (name: string, body: object) => {
    const answer = await fetch(`${desk.base}/asklet/v1/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${'s'.repeat(30)}` },
      body: JSON.stringify({ v: 1, ...body }),
    })
    return (await answer.json()) as { ok: boolean; conversationId?: string }
  }
  const { conversationId } = await call('open', { openId: 'open-0001', brief: emptyBrief() })
  const body = { type: 'handoffReady', channel: 'ticket', contact: { email: 'mia@example.com' } }
  await call('send', { conversationId, drafts: [{ clientId: 'handoff-1', body }] })
  await expect.poll(() => inbox.mails.length, { timeout: 10_000 }).toBe(1)
  expect(header(inbox.mails[0], 'subject')).toBe('We have your ticket #1001')
  await expect.poll(async () => (await desk.store.countDeliveries()).sent).toBe(1)
})
