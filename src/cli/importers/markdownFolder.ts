// A folder of Markdown as documentation tools keep it -> articles. The text stays as it is; front matter becomes
// ours. MDX stays MDX: `asklet build` reads it, and names what it cannot show. Pure.

import { readForeignPage } from './foreignFrontMatter'
import { createNotes, type Imported, type Step } from './imported'
import { linkPages, type MarkdownPage } from './markdownPages'
import { articlePathOf, IMAGE, pathOf } from './paths'
import type { Source } from './source'

export const MARKDOWN = /\.(?:md|mdx|markdown)$/i

export function importMarkdownFolder(source: Source, step?: Step): Imported {
  const { notes, note } = createNotes()
  const found = source.files.filter(path => MARKDOWN.test(path) && !/(?:^|\/)\./.test(path))
  const pages = found.map((file): MarkdownPage => {
    const place = (line: number) => source.place(file, line)
    const { article, bodyLine, addresses } = readForeignPage(source.text(file), file, place, note)
    if (article.draft) note('drafts', place(1), 'is a draft')
    if (article.extra?.access === 'private') note('private', place(1), 'says access: private')
    return {
      article,
      file,
      bodyLine,
      addresses,
      path: /\.mdx$/i.test(file) ? pathOf(file) : articlePathOf(file),
    }
  })
  const { articles, files, shown } = linkPages(pages, { source, note, step })
  for (const path of source.files)
    if (!found.includes(path) && !shown.has(path) && !path.startsWith('.'))
      note('not-imported', source.place(path), IMAGE.test(path) ? 'no article shows it' : 'is no Markdown')
  return { unit: 'files', read: found.length, articles, files, notes }
}
