// HTML pages of one site -> articles. A folder of files is a site too, at an address that exists nowhere: so
// links are resolved in one way. Pure; fetching is `fetchSite`'s.

import { basename } from 'node:path'
import { safeLink } from '../../knowledge/safeLink'
import { type PageOptions, readHtmlPage } from './htmlPage'
import { createNotes, type Imported, type ImportNote, type Step } from './imported'
import type { ImportedArticle } from './markdownFile'
import { articlePathOf, createFiles, createPaths, IMAGE, pathOf, relativeLink } from './paths'
import type { Source } from './source'

export interface WebPage {
  /** Absolute. */
  readonly address: string
  /** Others that lead here: where it was redirected from. */
  readonly aliases?: readonly string[]
  /** For people, and for `importedFrom`. */
  readonly place: string
  readonly from: string
  /** The wanted path of the article. */
  readonly path: string
  html(): string
}

export interface PagesOptions {
  readonly content?: string | undefined
  readonly step?: Step | undefined
  /** Path below the folder of the image at this address, or null. Unset: images stay where they are. */
  readonly file?: (address: URL) => string | null
}

/** The site that a folder is. `.invalid` is never anybody's (RFC 2606). */
const FOLDER_SITE = 'https://folder.invalid/'
/** Nobody reads them. */
const MADE_FOR_BROWSERS = /\.(?:css|js|mjs|map|woff2?|ttf|eot|ico|xml|txt|json)$/i
/** Where a page says what it is. */
const HEAD_CHARS = 200_000

/** A folder of `.html` files, or one of them. */
export function importHtmlFolder(source: Source, options: Omit<PagesOptions, 'file'>): Imported {
  const isPage = (path: string) => /\.(?:html?|xhtml)$/i.test(path)
  const { notes, note } = createNotes()
  const pages = source.files.filter(isPage).map(
    (path): WebPage => ({
      address: FOLDER_SITE + path.split('/').map(encodeURIComponent).join('/'),
      place: source.place(path),
      from: path,
      path: articlePathOf(path),
      html: () => decodeHtml(source.bytes(path)),
    }),
  )
  const { files, shown, add } = createFiles()
  const imported = importPages(pages, {
    ...options,
    file(address) {
      const path = decoded(address.pathname.slice(1))
      if (!address.href.startsWith(FOLDER_SITE) || !source.has(path) || !IMAGE.test(path)) return null
      return add(path, pathOf(path), () => source.bytes(path))
    },
  })
  for (const path of source.files)
    if (!isPage(path) && !MADE_FOR_BROWSERS.test(path) && !shown.has(path))
      note('not-imported', source.place(path), 'is no page, and no article shows it')
  return { ...imported, files, notes: [...imported.notes, ...notes] }
}

/** Pages whose HTML is here already. */
export function importPages(pages: readonly WebPage[], options: PagesOptions): Omit<Imported, 'files'> {
  const { notes, note } = createNotes()
  const takePath = createPaths(note)
  const paths = new Map(pages.map(page => [page, takePath(page.path, page.place)]))
  const byAddress = new Map<string, string>()
  const anchors = new Set<string>()
  for (const page of pages) {
    for (const address of [page.address, ...(page.aliases ?? [])])
      if (!byAddress.has(addressKey(address))) byAddress.set(addressKey(address), paths.get(page) ?? '')
    for (const [, name = ''] of page.html().matchAll(/href\s*=\s*["']?[^"'\s>#]{0,500}#([^"'\s>]{1,200})/gi))
      anchors.add(decoded(name))
  }
  const canonicals = canonicalAddresses(pages, byAddress, paths)
  const articles: ImportedArticle[] = []
  pages.forEach((page, i) => {
    options.step?.(i + 1, pages.length, 'reading pages')
    const path = paths.get(page) ?? page.path
    const article = readPage(page, path, {
      options,
      byAddress,
      canonical: canonicals.get(page),
      anchors,
      notes,
    })
    if (article) articles.push(article)
  })
  return { unit: 'pages', read: pages.length, articles, notes }
}

/** The address of a page as links may write it: no matter the scheme, the ending, or what is behind `#`. */
export function addressKey(address: string): string {
  try {
    const url = new URL(address)
    const path = decoded(url.pathname).replace(
      /(?:\/(?:index|default))?\.(?:html?|xhtml|php|aspx?)$|\/index$|\/+$/i,
      '',
    )
    return `${url.host}${path}${url.search}`.replace(/\/+$/, '')
  } catch {
    return address
  }
}

interface Around {
  readonly options: PagesOptions
  readonly byAddress: ReadonlyMap<string, string>
  readonly canonical: string | undefined
  readonly anchors: ReadonlySet<string>
  readonly notes: ImportNote[]
}

function readPage(page: WebPage, path: string, around: Around): ImportedArticle | null {
  const { options, byAddress, canonical, anchors } = around
  const html = page.html()
  const line = (at: number) => `${page.place}:${at}`
  const note: PageOptions['note'] = (kind, at, sentence) =>
    around.notes.push({ kind, place: line(at), sentence })
  const base = baseOf(html, page.address)
  const resolve = (href: string): URL | null => {
    try {
      return new URL(href, base)
    } catch {
      return null
    }
  }
  const found = readHtmlPage(html, {
    content: options.content,
    anchors,
    note,
    link(href, at) {
      const url = resolve(href)
      const to = url && byAddress.get(addressKey(url.href))
      if (url && to) return relativeLink(path, to, url.hash.slice(1))
      if (url?.href.startsWith(FOLDER_SITE)) {
        note('missing-links', at, `the link ${JSON.stringify(href)} leads to no page of the folder`)
        return canonical ? safeLink(new URL(href, canonical).href) : href.replace(/^[\s/]*\/(?=\/)/, '')
      }
      const safe = url && safeLink(url.href)
      if (!safe)
        note(
          'left-out',
          at,
          `the link ${JSON.stringify(href.slice(0, 80))} is none that an article may have: its words are kept`,
        )
      return safe
    },
    image(src, at) {
      const url = resolve(src)
      const file = url && options.file?.(url)
      if (file) return relativeLink(path, file)
      const safe = url && !url.href.startsWith(FOLDER_SITE) && safeLink(url.href)
      if (safe) note('outside-images', at, safe)
      else
        note(
          'missing-images',
          at,
          `${JSON.stringify(src.slice(0, 120))} is not there: its alternative text is kept`,
        )
      return safe || null
    },
    embed(src) {
      const url = resolve(src)
      return url && !url.href.startsWith(FOLDER_SITE) ? safeLink(url.href) : null
    },
  })
  if (typeof found === 'string') {
    note('unreadable', 1, found)
    return null
  }
  const { title, summary, locale, keywords, markdown } = found
  const fallback = nameInWords(path)
  if (!title) note('guessed', 1, `has no title: called ${JSON.stringify(fallback)}`)
  return {
    path,
    title: title || fallback,
    summary,
    keywords,
    ...(locale ? { locale } : {}),
    body: markdown,
    importedFrom: page.from,
    place: page.place,
  }
}

/** What a page says of its own address, so that links with the site's name in them find it. */
function canonicalAddresses(
  pages: readonly WebPage[],
  byAddress: Map<string, string>,
  paths: ReadonlyMap<WebPage, string>,
): Map<WebPage, string> {
  const canonicals = new Map<WebPage, string>()
  for (const page of pages) {
    const tags =
      page
        .html()
        .slice(0, HEAD_CHARS)
        .match(/<link\b[^<>]{0,1000}>/gi) ?? []
    const tag = tags.find(one => /\brel\s*=\s*["']?canonical\b/i.test(one)) ?? ''
    const address = hrefOf(tag)
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) continue
    canonicals.set(page, address)
    const key = addressKey(address)
    if (!byAddress.has(key)) byAddress.set(key, paths.get(page) ?? '')
  }
  return canonicals
}

function baseOf(html: string, address: string): string {
  const tag = hrefOf(/<base\b[^<>]{0,1000}>/i.exec(html.slice(0, HEAD_CHARS))?.[0] ?? '')
  return tag && URL.canParse(tag, address) ? new URL(tag, address).href : address
}

function hrefOf(tag: string): string {
  const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag)
  return href?.[1] ?? href?.[2] ?? href?.[3] ?? ''
}

/** By byte order mark, header, or what the page says of itself; else UTF-8. */
export function decodeHtml(bytes: Uint8Array, contentType = ''): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1_024))
  const label =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]
  const isMarked = /^(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)/.exec(head)?.[0]
  const mark =
    isMarked === '\xfe\xff'
      ? 'utf-16be'
      : isMarked === '\xff\xfe'
        ? 'utf-16le'
        : isMarked
          ? 'utf-8'
          : undefined
  try {
    return new TextDecoder(mark ?? label ?? 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function nameInWords(path: string): string {
  const name = basename(path, '.md').replace(/[-_]+/g, ' ').trim()
  return name.charAt(0).toUpperCase() + name.slice(1)
}
