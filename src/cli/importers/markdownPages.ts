// Markdown files of one folder -> articles: what Notion, GitBook and plain Markdown have in common. Gives each a
// path, and turns links and images between them into those of the imported folder. Pure.

import { posix } from 'node:path'
import type { Note, Step } from './imported'
import type { ImportedArticle } from './markdownFile'
import { rewriteAddresses } from './markdownText'
import { articlePathOf, createFiles, createPaths, IMAGE, pathOf, relativeLink } from './paths'
import type { Source } from './source'

/** An article whose links are still those of its source. */
export interface MarkdownPage {
  readonly article: Omit<ImportedArticle, 'path' | 'importedFrom' | 'place'>
  /** Path in the source. */
  readonly file: string
  /** The wanted path of the article; unset: that of the file. */
  readonly path?: string
  /** Line of the file on which the body begins. */
  readonly bodyLine: number
  /** Whole addresses or paths from the root under which others may link to it. */
  readonly addresses?: readonly string[]
}

export interface LinkedPage {
  /** Relative to the page that asked. */
  readonly href: string
  readonly title: string
}

export interface PagesAround {
  readonly source: Source
  readonly note: Note
  readonly step?: Step | undefined
  /** A whole address -> one of `addresses`. Unset: as it is. */
  readonly addressKey?: (href: string) => string
  /** Path of an image -> the wanted one. */
  readonly nameFile?: (path: string) => string
  /** The body once its addresses are written anew; line for line that of the file. */
  readonly finish?: (body: string, page: MarkdownPage, find: (href: string) => LinkedPage | null) => string
}

export interface Linked {
  readonly articles: ImportedArticle[]
  readonly files: ReadonlyMap<string, () => Uint8Array>
  /** Paths in the source of the images that are in `files`. */
  readonly shown: { has(path: string): boolean }
}

const ENDS = [
  '',
  '.md',
  '.mdx',
  '.markdown',
  '/README.md',
  '/readme.md',
  '/index.md',
  '/_index.md',
  '/index.mdx',
]

export function linkPages(
  pages: readonly MarkdownPage[],
  { source, note, step, addressKey = href => href, nameFile = path => path, finish }: PagesAround,
): Linked {
  const takePath = createPaths(note)
  const byFile = new Map<string, MarkdownPage>()
  const byAddress = new Map<string, MarkdownPage>()
  const paths = new Map<MarkdownPage, string>()
  for (const page of pages) {
    byFile.set(page.file, page)
    paths.set(page, takePath(page.path ?? articlePathOf(page.file), source.place(page.file)))
    for (const address of page.addresses ?? []) if (!byAddress.has(address)) byAddress.set(address, page)
  }
  const { files, shown, add } = createFiles()

  function find(from: MarkdownPage, href: string): LinkedPage | null {
    const { path, fragment, isOutside } = targetOf(from.file, href)
    const page = isOutside
      ? byAddress.get(addressKey(href.replace(/#.*$/, '')))
      : (ENDS.map(end => byFile.get(path.replace(/\/$/, '') + end)).find(Boolean) ??
        byFile.get(path.replace(/\.html?$/i, '.md')) ??
        byAddress.get(`/${path}`.replace(/\/$/, '')))
    if (!page) return null
    return {
      href: relativeLink(paths.get(from) ?? '', paths.get(page) ?? '', fragment),
      title: page.article.title,
    }
  }

  const articles = pages.map((page, i): ImportedArticle => {
    step?.(i + 1, pages.length, 'reading files')
    const own = paths.get(page) ?? ''
    const rewritten = rewriteAddresses(
      page.article.body,
      {
        link(href, line) {
          if (href.startsWith('#') || href.startsWith('{')) return href
          const found = find(page, href)
          if (found) return found.href
          const { path, isOutside } = targetOf(page.file, href)
          if (isOutside) return href
          const place = source.place(page.file, line)
          if (source.has(path)) {
            note('not-imported', place, `the link leads to the file ${path}: its words are kept`)
            return null
          }
          note('missing-links', place, `the link ${JSON.stringify(href)} leads to no page of the folder`)
          return href
        },
        image(src, line) {
          const { path, isOutside } = targetOf(page.file, src)
          if (isOutside) {
            note('outside-images', source.place(page.file, line), src.slice(0, 300))
            return src
          }
          if (!source.has(path) || !IMAGE.test(path)) {
            note(
              'missing-images',
              source.place(page.file, line),
              `${JSON.stringify(src)} is no image of the folder`,
            )
            return src
          }
          return relativeLink(
            own,
            add(path, pathOf(nameFile(path)), () => source.bytes(path)),
          )
        },
      },
      page.bodyLine,
    )
    const body = finish ? finish(rewritten, page, href => find(page, href)) : rewritten
    return { ...page.article, body, path: own, importedFrom: page.file, place: source.place(page.file) }
  })
  return { articles, files, shown }
}

/** Where an address of a file leads: a path below the folder, or out of it. */
function targetOf(file: string, href: string): { path: string; fragment: string; isOutside: boolean } {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(href)) return { path: '', fragment: fragmentOf(href), isOutside: true }
  const bare = decoded(href.replace(/[?#].*$/s, ''))
  const path = posix.join(bare.startsWith('/') ? '' : posix.dirname(file), bare || posix.basename(file))
  return { path: path.replace(/^\/+/, ''), fragment: fragmentOf(href), isOutside: false }
}

function fragmentOf(href: string): string {
  return /#(.*)$/s.exec(href)?.[1] ?? ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
