// A site by its sitemap, over real HTTP on this machine: what is fetched, how often, and what never.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPrivateAddress } from '../../../src/cli/importers/addresses'
import { redirected } from '../../../src/cli/importers/fetchPage'
import { fetchSite } from '../../../src/cli/importers/fetchSite'
import type { ImportNote } from '../../../src/cli/importers/imported'
import { readSitemap } from '../../../src/cli/importers/sitemap'
import { main } from '../../../src/cli/main'
import { createSpoken } from './spoken'

interface Answer {
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

let work = ''
let server: Server
let host = ''
/** Path with query -> answer; changed by the tests. */
let site: Record<string, Answer> = {}
/** In the order in which they came. A site without a robots.txt lets everybody fetch everything. */
let asked: string[] = []

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'asklet-site-'))
  site = {}
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const {
      status = 200,
      type = 'text/html; charset=utf-8',
      headers = {},
      body = '',
    } = site[request.url ?? ''] ?? { status: 404 }
    response.writeHead(status, { 'content-type': type, ...headers }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await new Promise(resolve => server.close(resolve))
  rmSync(work, { recursive: true, force: true })
})

const page = (title: string, body = '<p>Words.</p>') => ({
  body: `<html lang="en"><title>${title}</title><main><h1>${title}</h1>${body}</main></html>`,
})
const sitemap = (...addresses: string[]) => ({
  type: 'application/xml',
  body: `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${addresses.map(one => `<url><loc>${one.startsWith('/') ? `http://${host}${one}` : one}</loc></url>`).join('')}</urlset>`,
})

async function importSite(...more: string[]) {
  const out = createSpoken()
  const code = await main(
    [
      'import',
      `http://${host}/sitemap.xml`,
      '--out',
      join(work, 'help'),
      '--allow-private',
      '--delay',
      '0',
      ...more,
    ],
    out,
  )
  return { code, ...out }
}
const article = (path: string) => readFileSync(join(work, 'help', path), 'utf8')

test('pages become articles that link to each other, by whatever address they name', async () => {
  site = {
    '/sitemap.xml': {
      type: 'text/xml',
      body: `<sitemapindex><sitemap><loc>http://${host}/more.xml.gz</loc></sitemap></sitemapindex>`,
    },
    '/more.xml.gz': {
      type: 'application/gzip',
      body: gzipSync(sitemap('/help/', '/help/boats?page=2&amp;x=1', '/old').body),
    },
    '/help/': page(
      'Help',
      `<a href="boats?page=2&amp;x=1#sail">Boats</a> <a href="http://${host}/new">New</a> <a href="/else">Else</a>`,
    ),
    '/help/boats?page=2&x=1': {
      type: 'text/html; charset=iso-8859-1',
      body: Buffer.from(page('Boats', '<p>K\u00fcste</p>').body, 'latin1'),
    },
    '/old': { status: 301, headers: { location: '/new' } },
    '/new': page('New'),
  }
  const run = await importSite()
  expect(run).toMatchObject({ code: 0, errors: [] })
  expect(article('help.md')).toContain(
    `[Boats](help/boats-page-2-x-1.md#sail) [New](old.md) [Else](http://${host}/else)`,
  )
  expect(article('help/boats-page-2-x-1.md')).toContain('K\u00fcste')
  expect(article('old.md')).toContain(`importedFrom: http://${host}/old`)
  expect(run.lines).toEqual(expect.arrayContaining(['from: sitemap', 'fetched: 3', 'pages: 3']))
})

test('a run that was cut goes on: what is here is not fetched again, but by --refresh', async () => {
  site = { '/sitemap.xml': sitemap('/a', '/b'), '/a': page('A'), '/b': { status: 500 } }
  const cut = await importSite()
  expect(cut.code).toBe(1)
  expect(cut.errors).toEqual([`http://${host}/b: the site answered 500`])
  site['/b'] = page('B')
  asked = []
  expect(await importSite()).toMatchObject({ code: 0 })
  expect(asked).toEqual(['/robots.txt', '/sitemap.xml', '/b'])
  site['/a'] = page('A', '<p>Anew.</p>')
  expect((await importSite()).lines).toContain('fetched: 0')
  expect(article('a.md')).toContain('Words.')
  expect((await importSite('--refresh')).lines).toContain('fetched: 2')
  expect(article('a.md')).toContain('Anew.')
})

test('a page that was kept by half is fetched again', async () => {
  site = { '/sitemap.xml': sitemap('/a'), '/a': page('A') }
  await importSite()
  const kept = join(work, 'help/.asklet-import/pages')
  for (const name of readdirSync(kept)) writeFileSync(join(kept, name), '{"wanted":')
  expect((await importSite()).lines).toContain('fetched: 1')
})

test('other hosts, other schemes, redirects out, files and pages without end are refused and named', async () => {
  site = {
    '/sitemap.xml': sitemap(
      'http://other.example/a',
      'ftp://files.example/b',
      '/away',
      '/chart.pdf',
      '/image',
      '/big',
      '/ring',
    ),
    '/away': { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } },
    '/image': { type: 'image/png' },
    '/big': { body: 'x'.repeat(5_000_001) },
    '/ring': { status: 302, headers: { location: '/ring' } },
  }
  const run = await importSite()
  expect(run.code).toBe(1)
  expect(run.errors).toEqual([
    `http://other.example/a: must be of ${host}, got "http://other.example/a"`,
    'ftp://files.example/b: must be http or https, got "ftp://files.example/b"',
    `http://${host}/away: must be of ${host}, got "http://169.254.169.254/latest/meta-data"`,
    `http://${host}/image: must be a page, got "image/png"`,
    `http://${host}/big: must have at most 5000000 bytes, got more`,
    `http://${host}/ring: was redirected more than 5 times`,
  ])
  expect(run.lines).toContain(`  http://${host}/chart.pdf: is no page`)
})

test('a redirect may lead from http to https, and not back', () => {
  expect(redirected('http://a.example/x', 'https://a.example/x')).toEqual(new URL('https://a.example/x'))
  expect(redirected('https://a.example/x/', 'y')).toEqual(new URL('https://a.example/x/y'))
  expect(redirected('https://a.example/x', 'http://a.example/x')).toBe(
    'must stay https, was redirected to "http://a.example/x"',
  )
})

test('a packed sitemap on disk that is damaged is a sentence', async () => {
  const file = join(work, 'sitemap.xml.gz')
  writeFileSync(file, gzipSync(sitemap('/one').body).subarray(0, 40))
  const out = createSpoken()
  const code = await main(['import', file, '--from', 'sitemap', '--out', join(work, 'help')], out)
  expect(code).toBe(1)
  expect(out.errors).toEqual([
    `Asklet [import_shape]: the sitemap cannot be read: a packed sitemap must be whole and of at most 50 MB, got one that is not: unexpected end of file (${file}). Open it in a browser to see what is there.`,
  ])
})

test('pages beyond the bound are counted, and not held', async () => {
  const file = join(work, 'sitemap.xml')
  const others = Array.from({ length: 20_009 }, (_, i) => `http://elsewhere.example/${i}`)
  writeFileSync(file, sitemap('/one', ...others).body)
  site = { '/one': page('One') }
  const notes: ImportNote[] = []
  const keptIn = join(work, 'pages')
  const { pages } = await fetchSite(
    { sitemap: file, keptIn, delayMs: 0, refresh: false, allowPrivate: true, ignoreRobots: true },
    (kind, place, sentence) => void notes.push({ kind, place, sentence }),
  )
  expect(pages).toHaveLength(1)
  expect(notes[0]?.sentence).toBe(
    'lists 10 pages beyond the first 20000. Import a part of the sitemap at a time',
  )
  expect(notes).toHaveLength(20_000)
})

test('a packed page that grows beyond the bound is refused', async () => {
  site = {
    '/sitemap.xml': sitemap('/bomb'),
    '/bomb': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(20_000_000)) },
  }
  expect((await importSite()).errors[0]).toMatch(
    /\/bomb: could not be fetched: Cannot create a Buffer larger than 5000000 bytes/,
  )
})

test('a private address is refused by number and by name, unless --allow-private', async () => {
  for (const name of [host, host.replace('127.0.0.1', 'localhost')]) {
    const out = createSpoken()
    expect(await main(['import', `http://${name}/sitemap.xml`, '--out', join(work, 'help')], out)).toBe(1)
    expect(out.errors[0]).toMatch(/cannot be read.*private address.*Pass --allow-private if it is your own/)
  }
  expect(asked).toEqual([])
})

describe('robots.txt', () => {
  const robots = (...lines: string[]) => ({ type: 'text/plain', body: lines.join('\n') })

  test('is asked for once, before anything else; what it forbids is not fetched and named', async () => {
    site = {
      '/robots.txt': robots('User-agent: *', 'Disallow: /staff', 'Disallow: /*.php$', 'Allow: /staff/open'),
      '/sitemap.xml': sitemap('/a', '/staff/rules', '/staff/open', '/old.php', '/way'),
      '/a': page('A'),
      '/staff/rules': page('Rules'),
      '/staff/open': page('Open'),
      '/old.php': page('Old'),
      '/way': { status: 302, headers: { location: '/staff/secret' } },
      '/staff/secret': page('Secret'),
    }
    const run = await importSite()
    expect(run.code).toBe(1)
    expect(asked).toEqual(['/robots.txt', '/sitemap.xml', '/a', '/staff/open', '/way'])
    expect(run.errors).toEqual([
      `http://${host}/staff/rules: its robots.txt keeps crawlers out with "Disallow: /staff"`,
      `http://${host}/old.php: its robots.txt keeps crawlers out with "Disallow: /*.php$"`,
      `http://${host}/way: its robots.txt keeps crawlers out with "Disallow: /staff"`,
    ])
    expect(run.lines).toEqual(expect.arrayContaining(['pages: 2', 'forbidden: 3', 'unreadable: 0']))
    expect(article('import-report.txt')).toContain(`forbidden (3): pages that robots.txt keeps crawlers from`)
    expect(article('import-report.txt')).toContain(`/old.php: its robots.txt`)
  })

  test('is not asked for with --ignore-robots, and what it forbids comes; without it that is left out again', async () => {
    site = {
      '/robots.txt': robots('User-agent: asklet-import', 'Disallow: /'),
      '/sitemap.xml': sitemap('/a', '/b'),
      '/a': page('A'),
      '/b': { status: 302, headers: { location: '/a/b' } },
      '/a/b': page('B'),
    }
    expect(await importSite('--ignore-robots')).toMatchObject({ code: 0 })
    expect(asked).toEqual(['/sitemap.xml', '/a', '/b', '/a/b'])
    site['/robots.txt'] = robots('User-agent: asklet-import', 'Disallow: /a')
    const again = await importSite()
    expect(again.errors).toHaveLength(2)
    // Not told to be deleted: the source has it.
    expect(again.lines.filter(line => line.includes('gone'))).toEqual([])
    expect(article('a.md')).toContain('title: A')
  })

  test('that forbids the sitemap itself ends the import with what to do', async () => {
    site = { '/robots.txt': robots('User-agent: *', 'Disallow: /') }
    const run = await importSite()
    expect(run.errors).toEqual([
      `Asklet [import_shape]: the sitemap cannot be read: its robots.txt keeps crawlers out with "Disallow: /" (http://${host}/sitemap.xml). Pass --ignore-robots if the site is your own.`,
    ])
    expect(asked).toEqual(['/robots.txt'])
  })

  test.each([[500], [503], [429]])(
    'that cannot be read (%i) forbids all, and says what to do',
    async status => {
      site = {
        '/robots.txt': { status, headers: { 'retry-after': '3600' } },
        '/sitemap.xml': sitemap('/a'),
        '/a': page('A'),
      }
      const run = await importSite()
      expect(run.code).toBe(1)
      expect(run.errors).toEqual([
        `Asklet [import_shape]: while http://${host}/robots.txt cannot be read, nothing there may be fetched (RFC 9309): the site answered ${status}. Try again later, or pass --ignore-robots if the site is your own.`,
      ])
      expect(asked).toEqual(['/robots.txt'])
    },
  )

  test.each([[401], [403], [404], [410]])('that is not there (%i) forbids nothing', async status => {
    site = { '/robots.txt': { status }, '/sitemap.xml': sitemap('/a'), '/a': page('A') }
    expect(await importSite()).toMatchObject({ code: 0 })
  })

  test('may lie at another host, but not in a private network of ours', async () => {
    site = {
      '/robots.txt': { status: 301, headers: { location: 'http://169.254.169.254/robots.txt' } },
      '/sitemap.xml': sitemap('/a'),
    }
    expect((await importSite()).errors[0]).toContain(
      'must not be a private address, got "http://169.254.169.254/robots.txt"',
    )
  })

  test('may be a page for people, which forbids nothing', async () => {
    site = { '/robots.txt': page('Not found'), '/sitemap.xml': sitemap('/a'), '/a': page('A') }
    expect(await importSite()).toMatchObject({ code: 0 })
  })

  test.each([
    ['2', 2_000, []],
    ['0.1', 250, []],
    ['600', 30_000, ['asks for 600 seconds between two requests, which is kept to 30']],
  ])('asks for a pause of %s s: requests are %i ms apart', async (seconds, ms, sentences) => {
    site = {
      '/robots.txt': robots('User-agent: *', `Crawl-delay: ${seconds}`),
      '/sitemap.xml': sitemap('/a'),
      '/a': page('A'),
    }
    const waits: number[] = []
    const notes: ImportNote[] = []
    const labels = new Set<string>()
    await fetchSite(
      {
        sitemap: `http://${host}/sitemap.xml`,
        keptIn: join(work, 'kept'),
        delayMs: 250,
        refresh: false,
        allowPrivate: true,
        ignoreRobots: false,
        step: (_done, _total, label) => void labels.add(label),
        wait: async waited => void waits.push(waited),
      },
      (kind, place, sentence) => void notes.push({ kind, place, sentence }),
    )
    expect(waits).toEqual([ms, ms])
    expect(notes.map(({ sentence }) => sentence)).toEqual(sentences)
    const apart = ms > 250 ? `, ${ms / 1_000} s apart as its robots.txt asks` : ''
    expect([...labels]).toEqual([`fetching ${host}${apart}`])
  })
})

test('a site that fails ten times in a row is left in peace, and what was not asked for is named', async () => {
  const paths = Array.from({ length: 14 }, (_, i) => `/${i}`)
  site = {
    '/sitemap.xml': sitemap('/first', '/gone', ...paths),
    '/first': page('First'),
    ...Object.fromEntries(paths.map(path => [path, { status: 500 }])),
  }
  const run = await importSite()
  expect(asked.slice(2)).toEqual(['/first', '/gone', ...paths.slice(0, 10)])
  expect(run.errors).toHaveLength(15)
  expect(run.errors.at(-1)).toBe(`http://${host}/13: was not asked for: 10 before it had failed in a row`)
})

test('a site that asks for patience gets it, and requests are apart', async () => {
  site = {
    '/sitemap.xml': sitemap('/a', '/busy'),
    '/a': page('A'),
    '/busy': { status: 429, headers: { 'retry-after': '7' } },
  }
  const waits: number[] = []
  const notes: ImportNote[] = []
  const found = await fetchSite(
    {
      sitemap: `http://${host}/sitemap.xml`,
      keptIn: join(work, 'kept'),
      delayMs: 250,
      refresh: false,
      allowPrivate: true,
      ignoreRobots: false,
      wait: async ms => void waits.push(ms),
    },
    (kind, place, sentence) => void notes.push({ kind, place, sentence }),
  )
  expect(found.pages.map(({ address }) => address)).toEqual([`http://${host}/a`])
  expect(waits).toEqual([250, 250, 250, 7_000, 250, 7_000, 250])
  expect(notes).toEqual([
    { kind: 'unreadable', place: `http://${host}/busy`, sentence: 'the site answered 429' },
  ])
})

test('a sitemap in a file names the site', async () => {
  site = { '/a': page('A') }
  writeFileSync(join(work, 'sitemap.xml'), sitemap('/a').body)
  const out = createSpoken()
  expect(
    await main(
      ['import', join(work, 'sitemap.xml'), '--out', join(work, 'help'), '--allow-private', '--delay', '0'],
      out,
    ),
  ).toBe(0)
  expect(article('a.md')).toContain('title: A')
})

test('what is no sitemap is a sentence', async () => {
  site = { '/sitemap.xml': { type: 'application/xml', body: '<rss></rss>' } }
  expect((await importSite()).errors[0]).toContain(
    'a sitemap must be XML with <urlset> or <sitemapindex>, got neither.',
  )
  expect(
    readSitemap(
      '<urlset><url><loc> http://a.example/?a=1&amp;b=2 </loc><image:image><image:loc>http://a.example/x.png</image:loc></image:image></url><url><loc><![CDATA[http://a.example/c]]></loc></url></urlset>',
    ),
  ).toEqual({
    kind: 'pages',
    addresses: ['http://a.example/?a=1&b=2', 'http://a.example/c'],
  })
})

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['169.254.169.254', true],
  ['192.168.1.1', true],
  ['0.0.0.0', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['fe80::1', true],
  ['fd00::1', true],
  ['localhost', true],
  ['93.184.216.34', false],
  ['172.32.0.1', false],
  ['2606:2800:220:1::1', false],
])('%s is private: %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate)
})
