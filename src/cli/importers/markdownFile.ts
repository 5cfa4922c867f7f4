// An imported article -> its Markdown file. The one place where front matter is written; `importedFrom` in it
// marks what a later import may write over.

import { stringify } from 'yaml'

export interface ImportedArticle {
  /** Path of the Markdown file below the folder, with `/`. */
  readonly path: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  /** The number or name that it had elsewhere: links with it find the article. */
  readonly id?: string
  readonly summary?: string
  readonly access?: 'private'
  readonly draft?: boolean
  readonly roles?: readonly string[]
  readonly topics?: readonly string[]
  readonly keywords?: readonly string[]
  readonly questions?: readonly string[]
  readonly locale?: string
  readonly order?: number
  /** Keys of other tools, kept as they are. */
  readonly extra?: Readonly<Record<string, unknown>>
  /** File or address that it comes from. */
  readonly importedFrom: string
  /** Where that is, for people: file with line, or address. */
  readonly place: string
}

/** The whole file: front matter, an empty line, the body. Same article, same text. */
export function markdownFile(article: ImportedArticle): string {
  const { title, id, summary, access, draft, locale, order, extra, importedFrom } = article
  const front = {
    title,
    ...(id ? { id } : {}),
    ...(summary ? { summary } : {}),
    ...(access ? { access } : {}),
    ...(draft ? { draft } : {}),
    ...list('roles', article.roles),
    ...list('topics', article.topics),
    ...list('keywords', article.keywords),
    ...list('questions', article.questions),
    ...(locale ? { locale } : {}),
    ...(order ? { order } : {}),
    ...extra,
    importedFrom,
  }
  const body = article.body.replace(/^\n+|\s+$/g, '')
  return `---\n${stringify(front, { lineWidth: 0 })}---\n${body ? `\n${body}\n` : '\n'}`
}

function list(key: string, items: readonly string[] | undefined): Record<string, readonly string[]> {
  return items?.length ? { [key]: items } : {}
}
