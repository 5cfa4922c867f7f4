// The pages of a sitemap that the site's robots.txt lets crawlers fetch, one after the other, kept on disk: a run that
// was cut goes on where it was. Owns the folder of kept pages, nothing else.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { AskletError, describe } from '../../base/errors'
import { type FetchedPage, type FetchRules, fetchPage, type NotFetched, refusal } from './fetchPage'
import { addressKey, decodeHtml, type WebPage } from './htmlPages'
import type { Note, Step } from './imported'
import { articlePathOf } from './paths'
import { createRobotsGate, MAX_ROBOTS_BYTES } from './robotsGate'
import { readSitemap } from './sitemap'

export interface SiteOptions {
  /** Address of a sitemap, or the path of a file. */
  readonly sitemap: string
  /** Where fetched pages are kept. */
  readonly keptIn: string
  /** Between two requests. */
  readonly delayMs: number
  /** Fetch what is kept, too. */
  readonly refresh: boolean
  readonly allowPrivate: boolean
  /** Fetch what robots.txt forbids, too, and without the pauses that it asks for. */
  readonly ignoreRobots: boolean
  readonly step?: Step | undefined
  /** Replaced in tests. */
  readonly wait?: (ms: number) => Promise<void>
}

export interface Site {
  readonly pages: readonly WebPage[]
  /** Of `pages`: now, not by an earlier run. */
  readonly fetched: number
}

/** A page as it is kept. */
interface Kept {
  readonly wanted: string
  readonly address: string
  readonly html: string
}

const MAX_PAGES = 20_000
const MAX_SITEMAPS = 500
/** The protocol's own bound is 50 MB. */
const MAX_SITEMAP_BYTES = 52_428_800
const MAX_PAGE_BYTES = 5_000_000
const TRIES_WHEN_BUSY = 3
/** A site that fails so often without a page in between is left in peace until the next run. */
const MAX_FAILURES_IN_A_ROW = 10

/** @throws AskletError `import_shape` when the sitemap itself, or the site's robots.txt, cannot be read */
export async function fetchSite(options: SiteOptions, note: Note): Promise<Site> {
  const { keptIn, refresh, allowPrivate, step } = options
  const wait = options.wait ?? (ms => new Promise(resolve => setTimeout(resolve, ms)))
  let isFirst = true
  /** Politely: one request at a time, with a pause between two, and longer when the site asks for it. */
  const askPolitely = async (address: string, rules: FetchRules): Promise<FetchedPage | NotFetched> => {
    for (let tries = 1; ; tries++) {
      // Before the pause: what the site does not want is no request.
      const forbidden = await rules.forbids?.(address)
      if (forbidden) return { sentence: forbidden, isForbidden: true }
      const delayMs = Math.max(options.delayMs, gate?.crawlDelayMs() ?? 0)
      if (!isFirst) await wait(delayMs)
      isFirst = false
      const answer = await fetchPage(address, rules)
      if (!('retryAfterMs' in answer) || tries === TRIES_WHEN_BUSY) return answer
      await wait(answer.retryAfterMs ?? delayMs)
    }
  }
  const gate = options.ignoreRobots
    ? undefined
    : createRobotsGate(
        address =>
          askPolitely(address, {
            host: new URL(address).host,
            allowPrivate,
            maxBytes: MAX_ROBOTS_BYTES,
            type: /^/,
            mayLeave: true,
          }),
        note,
      )
  let failuresInARow = 0
  const ask: Ask = async (address, host, type, maxBytes) => {
    if (failuresInARow === MAX_FAILURES_IN_A_ROW)
      return { sentence: `was not asked for: ${failuresInARow} before it had failed in a row` }
    const answer = await askPolitely(address, { host, allowPrivate, maxBytes, type, forbids: gate?.forbids })
    if ('bytes' in answer) failuresInARow = 0
    else if (isFailing(answer)) failuresInARow++
    else if (!answer.isForbidden) failuresInARow = 0
    return answer
  }
  const { addresses, host } = await allAddresses(options, ask, note)
  const wanted: string[] = []
  for (const address of addresses) {
    const refused = refusal(address, { host, allowPrivate })
    if (refused) note('unreadable', address, refused)
    else if (/\.(?:pdf|zip|png|jpe?g|gif|webp|svg|mp4|docx?|xlsx?)$/i.test(new URL(address).pathname))
      note('not-imported', address, 'is no page')
    else wanted.push(address)
  }

  const pages: WebPage[] = []
  const seen = new Map<string, string>()
  let fetched = 0
  for (const [i, address] of wanted.entries()) {
    const pauseMs = gate?.crawlDelayMs() ?? 0
    const isSlow = pauseMs > options.delayMs
    step?.(
      i + 1,
      wanted.length,
      `fetching ${host}${isSlow ? `, ${pauseMs / 1_000} s apart as its robots.txt asks` : ''}`,
    )
    const file = join(keptIn, `${createHash('sha256').update(address).digest('hex').slice(0, 20)}.json`)
    let kept = refresh ? null : readKept(file, address)
    // Also of what is kept: two runs over one site say the same.
    const forbidden = (await gate?.forbids(address)) ?? (kept && (await gate?.forbids(kept.address)))
    if (forbidden) {
      note('forbidden', address, forbidden)
      continue
    }
    if (!kept) {
      const answer = await ask(address, host, /html|^$/i, MAX_PAGE_BYTES)
      if ('sentence' in answer) {
        note(answer.isForbidden ? 'forbidden' : 'unreadable', address, answer.sentence)
        continue
      }
      fetched++
      kept = { wanted: address, address: answer.address, html: decodeHtml(answer.bytes, answer.contentType) }
      writeKept(keptIn, file, kept)
    }
    const twin = seen.get(addressKey(kept.address))
    if (twin) {
      note('not-imported', address, `leads to the same page as ${twin}`)
      continue
    }
    seen.set(addressKey(kept.address), address)
    pages.push({
      address: kept.address,
      aliases: [address],
      place: address,
      from: address,
      path: articlePathOf(pathOfAddress(address)),
      // Read when it is wanted: thousands of pages do not fit into memory.
      html: () => readKept(file, address)?.html ?? '',
    })
  }
  return { pages, fetched }
}

/** Not one page, but the site: it does not answer, is busy or broken. */
const isFailing = ({ status }: NotFetched) => status === 0 || status === 429 || (status ?? 0) >= 500

type Ask = (
  address: string,
  host: string,
  type: RegExp,
  maxBytes: number,
) => Promise<FetchedPage | NotFetched>

/** Of a sitemap and of those it names; and the one host that all must be of. */
async function allAddresses(
  { sitemap, allowPrivate }: SiteOptions,
  ask: Ask,
  note: Note,
): Promise<{ readonly addresses: readonly string[]; readonly host: string }> {
  const isAddress = /^https?:\/\//i.test(sitemap)
  if (isAddress && !URL.canParse(sitemap)) throw unreadable(`must be an address, got ${describe(sitemap)}`)
  let host = isAddress ? new URL(sitemap).host : ''
  const waiting: string[] = []
  const seen = new Set<string>()
  const pages = new Set<string>()
  let pagesBeyond = 0
  let sitemapsBeyond = 0
  const take = (xml: string, from: string): string | null => {
    const found = readSitemap(xml)
    if (typeof found === 'string') return found
    host ||= new URL(found.addresses.find(address => URL.canParse(address)) ?? 'http://nowhere.invalid').host
    if (!found.addresses.length) note('guessed', from, 'names no page')
    for (const address of found.addresses) {
      if (found.kind === 'pages') {
        if (pages.size < MAX_PAGES) pages.add(address)
        else if (!pages.has(address)) pagesBeyond++
      } else if (seen.size + waiting.length < MAX_SITEMAPS) waiting.push(address)
      else sitemapsBeyond++
    }
    return null
  }
  if (isAddress) waiting.push(sitemap)
  else {
    const xml = xmlOf(readFileSync(sitemap))
    const problem = typeof xml === 'string' ? take(xml, sitemap) : xml.sentence
    if (problem) throw unreadable(`${problem} (${sitemap})`)
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue
    seen.add(next)
    const refused = refusal(next, { host, allowPrivate })
    const answer = refused
      ? { sentence: refused }
      : await ask(next, host, /xml|text\/plain|octet-stream|gzip|^$/i, MAX_SITEMAP_BYTES)
    const xml = 'bytes' in answer ? xmlOf(answer.bytes) : answer
    const problem = typeof xml === 'string' ? take(xml, next) : xml.sentence
    if (!problem) continue
    const isForbidden = 'isForbidden' in answer
    if (isAddress && next === sitemap)
      throw unreadable(`${problem} (${sitemap})`, isForbidden ? OWN_SITE : undefined)
    note(isForbidden ? 'forbidden' : 'unreadable', next, problem)
  }
  // Counted, not named: five hundred sitemaps may list millions.
  const beyond = (count: number, what: string, most: number) => {
    if (count)
      note(
        'unreadable',
        sitemap,
        `lists ${count} ${what} beyond the first ${most}. Import a part of the sitemap at a time`,
      )
  }
  beyond(pagesBeyond, 'pages', MAX_PAGES)
  beyond(sitemapsBeyond, 'sitemaps', MAX_SITEMAPS)
  return { addresses: [...pages], host }
}

/** @returns the text, or the sentence that says why it cannot be unpacked */
function xmlOf(bytes: Uint8Array): string | { readonly sentence: string } {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes)
  try {
    return new TextDecoder().decode(gunzipSync(bytes, { maxOutputLength: MAX_SITEMAP_BYTES }))
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    return { sentence: `a packed sitemap must be whole and of at most 50 MB, got one that is not: ${reason}` }
  }
}

const OWN_SITE = 'Pass --ignore-robots if the site is your own.'

function unreadable(sentence: string, fix = 'Open it in a browser to see what is there.'): AskletError {
  return new AskletError('import_shape', `the sitemap cannot be read: ${sentence}. ${fix}`)
}

/** `https://shop.example/help/boats?page=2` -> `help/boats-page-2` */
function pathOfAddress(address: string): string {
  const url = new URL(address)
  let path = url.pathname
  try {
    path = decodeURIComponent(path)
  } catch {
    // As written.
  }
  const bare = path.replace(/\.(?:html?|xhtml|php|aspx?)$/i, '').replace(/^\/+|\/+$/g, '')
  return (bare || 'index') + (url.search ? `-${url.search.slice(1)}` : '')
}

function readKept(file: string, wanted: string): Kept | null {
  if (!existsSync(file)) return null
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const { address, html, wanted: own } = kept as Partial<Kept>
    return own === wanted && typeof address === 'string' && typeof html === 'string' && URL.canParse(address)
      ? { wanted, address, html }
      : null
  } catch {
    return null
  }
}

function writeKept(folder: string, file: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true })
  // Whole or not at all: the run may be cut here.
  writeFileSync(`${file}.part`, JSON.stringify(kept))
  renameSync(`${file}.part`, file)
}
