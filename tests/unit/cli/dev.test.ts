// `asklet dev`: what its server answers, to whom, and how it follows the folder. Nothing sleeps: each change is
// waited for as the page waits, by the news that the server sends.

import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDev } from '../../../src/cli/dev'
import type { DevArticle, DevState, DevSuggestion } from '../../../src/cli/devBuild'
import { main } from '../../../src/cli/main'
import { reasonWords } from '../../../src/cli/preview/reasonWords'
import { watchFolder } from '../../../src/cli/watchFolder'
import { createSpoken } from './spoken'

let work = ''
const open: { close(): Promise<void> }[] = []
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-dev-'))
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  rmSync(work, { recursive: true, force: true })
})

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(work, name)), { recursive: true })
  writeFileSync(join(work, name), content)
}
const article = (title: string, more = '', body = 'Open Payments and choose what you need. ') =>
  `---\ntitle: ${title}\n${more}---\n${body.repeat(6)}\n`

/** A preview of `in/`, and a page that hears its news. */
async function preview(...args: readonly string[]) {
  write('page/index.html', '<!doctype html><title>Preview</title>')
  write('page/preview.js', '1')
  const out = createSpoken()
  const dev = await startDev([join(work, 'in'), '--port', '0', ...args], out, join(work, 'page'))
  open.push(dev)
  const get = async <T>(path: string) => (await (await fetch(dev.address + path)).json()) as T
  const response = await fetch(`${dev.address}api/news`)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  /** The first state that is so; looked at with each news. A save may be told in two builds. */
  const built = async (isSo: (state: DevState) => boolean = () => true): Promise<DevState> => {
    for (;;) {
      while (!text.includes('\n\n')) {
        const { value, done } = await reader.read()
        if (done) throw new Error('the news ended')
        text += new TextDecoder().decode(value)
      }
      text = text.slice(text.indexOf('\n\n') + 2)
      const state = await get<DevState>('api/state')
      if (isSo(state)) return state
    }
  }
  await built()
  return {
    out,
    get,
    address: dev.address,
    built,
    state: () => get<DevState>('api/state'),
    titles: async (query: string, more = '') =>
      (await get<{ items: DevSuggestion[] }>(`api/suggest?q=${encodeURIComponent(query)}${more}`)).items.map(
        ({ title }) => title,
      ),
  }
}

/** The status that a caller of another name, method or path gets. */
function status(address: string, host: string, method = 'GET', path = '/api/state'): Promise<number> {
  const { hostname, port } = new URL(address)
  return new Promise((done, failed) => {
    request({ hostname, port, path, method, headers: { host } }, response => {
      response.resume()
      done(response.statusCode ?? 0)
    })
      .on('error', failed)
      .end()
  })
}

describe('what it answers', () => {
  test('there is to choose from what the articles name', async () => {
    write('in/one.md', article('Add a card', 'roles: [client]\npages: [/payments, /settings/*]\n'))
    write('in/two.md', article('Karte hinzufügen', 'locale: de\nroles: [freelancer]\npages: [/payments]\n'))
    const { state } = await preview()
    expect(await state()).toEqual({
      revision: 1,
      shown: 1,
      folder: join(work, 'in'),
      articles: 2,
      locales: ['en', 'de'],
      roles: ['client', 'freelancer'],
      pages: ['/payments', '/settings/*'],
      findings: [],
    })
  })

  test('suggestions come as ranked, with reasons, and factors whose sum is the score', async () => {
    write('in/a.md', article('Withdraw money', 'roles: [client]\n'))
    write('in/b.md', article('Withdraw money', 'roles: [freelancer]\npages: [/withdrawals]\n'))
    const { get } = await preview()
    const ask = (query: string) =>
      get<{ items: DevSuggestion[] }>(
        `api/suggest?q=${query}&route=/withdrawals&page=Payouts&role=freelancer`,
      )
    const { items } = await ask('withdraw+money')
    expect(items.map(({ articleId }) => articleId)).toEqual(['b', 'a'])
    expect(items[0]?.reasons).toContainEqual({ kind: 'page', name: 'Payouts' })
    expect(items[0]?.reasons).toContainEqual({ kind: 'role', role: 'freelancer' })
    expect(items[0]?.factors.page).toBeGreaterThan(0)
    expect(items[1]?.factors.role).toBeLessThan(0)
    for (const { factors, score } of items)
      expect(Object.values(factors).reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(score, 4)
    expect((await ask('')).items.map(({ articleId }) => articleId)).toEqual(['b', 'a'])
    expect((await ask('zeppelin')).items).toEqual([])
  })

  test('another language has its own suggestions', async () => {
    write('in/en.md', article('Add a card'))
    write('in/de.md', article('Karte hinzufügen', 'locale: de\n'))
    const { titles } = await preview()
    expect(await titles('', '&locale=de')).toEqual(['Karte hinzufügen'])
    expect(await titles('')).toEqual(['Add a card'])
  })

  test('what a language lacks comes in the site’s own, with its factors, too', async () => {
    write('in/dues.md', article('Harbour dues', 'pages: [/boats]\n'))
    write('in/boats.md', article('Boats'))
    write('in/more.md', article('Second'))
    write('in/de/boats.md', article('Boote', 'locale: de\n'))
    const { get } = await preview()
    const { items } = await get<{ items: DevSuggestion[] }>(
      'api/suggest?q=harbour+dues&route=/boats&page=Boats&locale=de',
    )
    expect(items[0]).toMatchObject({ articleId: 'dues', locale: 'en' })
    expect(items[0]?.factors.page).toBeGreaterThan(0)
    for (const { factors, score } of items)
      expect(Object.values(factors).reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(score, 4)
    // Before the first word, the translation stands for its article.
    const { items: all } = await get<{ items: DevSuggestion[] }>('api/suggest?q=&route=/boats&locale=de')
    expect(all.map(({ articleId }) => articleId).sort()).toEqual(['de/boats', 'dues', 'more'])
    for (const { factors, score } of all)
      expect(Object.values(factors).reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(score, 4)
  })

  test('reasons of errors and of pages before this one are sentences, too', () => {
    expect(reasonWords({ kind: 'error', text: 'Card declined' })).toBe('it answers the error “Card declined”')
    expect(reasonWords({ kind: 'recent' })).toBe('it belongs to a page that the visitor comes from')
  })

  test('an article comes with its file; a private one only to who may read it', async () => {
    write('in/pay/open.md', article('Open terms'))
    write('in/pay/own.md', article('Own terms', 'access: private\nroles: [client]\n'))
    write('in/pay/all.md', article('Staff terms', 'access: private\n'))
    const { get, titles, address, state } = await preview()
    // To be chosen, though the public manifest does not tell it.
    expect((await state()).roles).toEqual(['client'])
    expect(await get<DevArticle>('api/article?id=pay/open')).toMatchObject({
      file: 'pay/open.md',
      article: { id: 'pay/open', title: 'Open terms' },
    })
    expect(await titles('terms')).toEqual(['Open terms'])
    // Without roles: for every visitor who has signed in, and that is who has a role.
    expect((await titles('terms', '&role=freelancer')).sort()).toEqual(['Open terms', 'Staff terms'])
    expect((await titles('terms', '&role=client')).sort()).toEqual(['Open terms', 'Own terms', 'Staff terms'])
    const find = async (role: string) => (await fetch(`${address}api/article?id=pay/own&role=${role}`)).status
    expect([await find('client'), await find('freelancer'), await find('')]).toEqual([200, 404, 404])
  })

  test('the page and pictures of articles are served, with nothing that could run in them', async () => {
    write('in/img/dot.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    write('in/one.md', article('See it', '', '![A dot](img/dot.svg) Words and words. '))
    const { get, address } = await preview('--allow-images', 'cdn.example.com')
    const { article: read } = await get<DevArticle>('api/article?id=one')
    const src = /\/help\/images\/dot-\w+\.svg/.exec(JSON.stringify(read.content))?.[0] ?? ''
    const image = await fetch(new URL(src, address))
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(image.headers.get('content-security-policy')).toContain('sandbox')
    const page = await fetch(address)
    expect(await page.text()).toContain('Preview')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'; style-src 'self'; connect-src 'self'")
    expect(policy).toContain("img-src 'self' data: https://cdn.example.com;")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect((await fetch(`${address}help/manifest.json`)).status).toBe(404)
    expect((await fetch(`${address}..%2fin%2fone.md`)).status).toBe(404)
  })
})

describe('whom it answers', () => {
  test('who calls it by another name gets nothing, whatever the path', async () => {
    write('in/one.md', article('One'))
    const { address } = await preview()
    const { port } = new URL(address)
    expect(new URL(address).hostname).toBe('127.0.0.1')
    for (const path of ['/', '/api/state', '/api/suggest?q=', '/api/news', '/preview.js']) {
      expect(await status(address, `evil.example:${port}`, 'GET', path), path).toBe(403)
    }
    expect(await status(address, `127.0.0.1:1`)).toBe(403)
    expect(await status(address, `localhost:${port}`)).toBe(200)
    expect(await status(address, `127.0.0.1:${port}`, 'POST')).toBe(405)
  })
})

describe('it follows the folder', () => {
  test('a new, a changed and a removed article are there at the next news', async () => {
    write('in/one.md', article('Add a card'))
    const { built, titles, get } = await preview()
    write('in/two.md', article('Close your account'))
    await built(({ articles }) => articles === 2)
    expect(await titles('close account')).toEqual(['Close your account'])

    write('in/two.md', article('Leave for good', 'pages: [/settings]\n'))
    await built(({ pages }) => pages.includes('/settings'))
    expect(await titles('leave for good')).toEqual(['Leave for good'])
    expect((await get<DevArticle>('api/article?id=two')).article.title).toBe('Leave for good')

    unlinkSync(join(work, 'in/two.md'))
    await built(({ articles }) => articles === 1)
    expect(await titles('leave for good')).toEqual([])
  })

  test('a mistake is shown with file and line, and the last good build stays until it is mended', async () => {
    write('in/one.md', article('Add a card'))
    write('in/two.md', article('Close your account'))
    const { built, titles, out } = await preview()
    write('in/two.md', article('Leave for good', 'kind: tutorial\n'))
    const broken = await built(({ findings }) => findings.length > 0)
    expect(broken).toMatchObject({ shown: 1, articles: 2 })
    expect(broken.revision).toBeGreaterThan(1)
    expect(broken.findings).toContainEqual({
      kind: 'error',
      file: 'two.md',
      line: 3,
      sentence: expect.stringContaining(
        'kind must be one of howto, troubleshoot, policy, concept, got "tutorial"',
      ),
    })
    expect(await titles('close account')).toEqual(['Close your account'])
    expect(out.lines.slice(1, 3)).toEqual([
      '1 mistake. The last good build stays.',
      expect.stringContaining('  two.md:3: kind must be one of'),
    ])

    write('in/two.md', article('Leave for good'))
    const mended = await built(({ shown }) => shown > 1)
    expect(mended).toMatchObject({ shown: mended.revision, findings: [] })
    expect(await titles('leave for good')).toEqual(['Leave for good'])
  })

  test('a folder with a mistake from the start shows what can be read, mistakes before remarks', async () => {
    write('in/a.md', '---\ntitle: Short\n---\nHardly a word.\n')
    write('in/b.md', article('Add a card', 'kind: tutorial\n'))
    const { state, built, out } = await preview()
    const first = await state()
    expect(first).toMatchObject({ revision: 1, shown: 1, articles: 1 })
    expect(first.findings.map(({ kind, file }) => `${kind} ${file}`)).toEqual(['error b.md', 'thin a.md'])
    expect(out.lines[0]).toBe('1 mistake. Files with mistakes are left out.')
    // Nothing good to keep: what else changes is shown.
    write('in/c.md', article('Close your account'))
    await built(({ articles }) => articles === 2)
  })

  test('a folder without articles says so, and the first article ends that', async () => {
    mkdirSync(join(work, 'in'))
    const { state, built, titles } = await preview()
    expect(await state()).toMatchObject({
      shown: 0,
      articles: 0,
      failure: expect.stringContaining('must hold at least one .md'),
    })
    expect(await titles('card')).toEqual([])
    write('in/one.md', article('Add a card'))
    const now = await built(({ articles }) => articles === 1)
    expect(now.failure).toBeUndefined()
    unlinkSync(join(work, 'in/one.md'))
    const emptied = await built(({ failure }) => failure !== undefined)
    expect(emptied.articles).toBe(1)
    expect(emptied.shown).toBeLessThan(emptied.revision)
  })

  test('questions beside an article are followed, and a heading that is not there is a mistake', async () => {
    write('in/card.md', article('Add a card'))
    const { built, titles } = await preview()
    expect(await titles('splurge')).toEqual([])
    write('in/card.questions.txt', 'may i splurge\n')
    const { shown } = await built(({ shown }) => shown > 1)
    expect(await titles('splurge')).toEqual(['Add a card'])
    write('in/card.questions.txt', '## Gone\nmay i splurge\n')
    const broken = await built(({ findings }) => findings.length > 0)
    expect(broken.findings[0]).toMatchObject({ kind: 'error', file: 'card.questions.txt', line: 1 })
    expect(broken.shown).toBe(shown)
    unlinkSync(join(work, 'in/card.questions.txt'))
    await built(({ findings, shown }) => !findings.length && shown > broken.revision)
    expect(await titles('splurge')).toEqual([])
  })

  test('flows are watched and checked with the articles', async () => {
    write('in/one.md', article('Add a card'))
    write('flows/a.json', '{')
    const { state, built } = await preview('--flows', join(work, 'flows'))
    expect((await state()).findings[0]).toMatchObject({ kind: 'error', file: 'a.json', line: 1 })
    unlinkSync(join(work, 'flows/a.json'))
    await built(({ findings }) => !findings.length)
  })

  test('a folder whose own name begins with a dot is followed', async () => {
    write('.help/one.md', article('Add a card'))
    let heard = () => {}
    const change = new Promise<void>(resolve => {
      heard = resolve
    })
    open.push(await watchFolder([join(work, '.help')], () => heard()))
    write('.help/two.md', article('Close your account'))
    await change
  })

  test('hidden files and files that come together are one build, or none', async () => {
    write('in/one.md', article('Add a card'))
    const { built } = await preview()
    write('in/.one.md.swp', 'x')
    for (let i = 0; i < 40; i++) write(`in/more/a${i}.md`, article(`Number ${i}`))
    const { revision } = await built(({ articles }) => articles === 41)
    expect(revision).toBeLessThan(5)
  })
})

test('closing ends the news and frees the port', async () => {
  write('in/one.md', article('One'))
  const { address, built } = await preview()
  await open.splice(0)[0]?.close()
  await expect(built()).rejects.toThrow()
  await expect(fetch(address)).rejects.toThrow()
})

test('a port that is taken, or none, is said', async () => {
  write('in/one.md', article('One'))
  const { address } = await preview()
  const { port } = new URL(address)
  await expect(startDev([join(work, 'in'), '--port', port], createSpoken(), work)).rejects.toThrow(
    `cannot listen at 127.0.0.1:${port}`,
  )
  const say = async (...args: string[]) => {
    const out = createSpoken()
    return [await main(['dev', ...args], out), out.errors[0]]
  }
  expect(await say(join(work, 'in'), '--port', 'eighty')).toEqual([
    2,
    expect.stringContaining('--port must be a whole number from 0 to 65535, got "eighty"'),
  ])
  expect(await say()).toEqual([2, expect.stringContaining('there must be one articles folder, got none')])
  expect(await say(join(work, 'nowhere'))).toEqual([
    2,
    expect.stringContaining('the file or folder must be there'),
  ])
  expect(await say(join(work, 'in'), '--allow-images', "x; script-src 'unsafe-inline'")).toEqual([
    2,
    expect.stringContaining('--allow-images must name hosts like cdn.example.com'),
  ])
})
