// Which shape a file or folder has, by its names and its first words. Reads only; says what it saw when it cannot
// tell.

import { AskletError } from '../../base/errors'
import { MARKDOWN } from './markdownFolder'
import { isNotionPath } from './notion'
import type { Source } from './source'

export const SHAPES = ['zendesk', 'html', 'sitemap', 'notion', 'gitbook', 'markdown', 'csv', 'jsonl'] as const

export type Shape = (typeof SHAPES)[number]

export function isShape(word: string): word is Shape {
  return (SHAPES as readonly string[]).includes(word)
}

/** @throws AskletError `import_shape` when it is none that is known */
export function recognise(source: Source): Shape {
  const shape = source.isFolder ? ofFolder(source) : ofFile(source)
  if (shape) return shape
  const isPacked = /\.(?:zip|gz|tgz|7z|rar)$/i.test(source.name)
  throw new AskletError(
    'import_shape',
    isPacked
      ? `the export must be unpacked, got ${source.name}. Unpack it and name the folder.`
      : `the shape must be one of ${SHAPES.join(', ')}, got ${seen(source)} at ${source.name}. Say it with --from.`,
  )
}

function ofFile(source: Source): Shape | null {
  const [file = ''] = source.files
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return 'jsonl'
  if (/\.(?:csv|tsv)$/i.test(file)) return 'csv'
  if (/\.xml(?:\.gz)?$/i.test(file)) return 'sitemap'
  if (/\.(?:html?|xhtml)$/i.test(file)) return 'html'
  if (isNotionPath(file)) return 'notion'
  if (MARKDOWN.test(file)) return 'markdown'
  if (!/\.(?:json|txt)$/i.test(file)) return null
  const text = source.text(file)
  if (isZendesk(text)) return 'zendesk'
  return /^\s*\{.*\}\s*(?:\n|$)/.test(text) ? 'jsonl' : null
}

function ofFolder(source: Source): Shape | null {
  const count = (name: RegExp) =>
    source.files.filter(path => name.test(path) && !/(?:^|\/)\./.test(path)).length
  const markdown = count(MARKDOWN)
  const html = count(/\.(?:html?|xhtml)$/i)
  if (markdown && markdown >= html) {
    if (source.files.some(path => /(?:^|\/)SUMMARY\.md$/i.test(path))) return 'gitbook'
    return source.files.some(isNotionPath) ? 'notion' : 'markdown'
  }
  if (html) return 'html'
  const json = source.files.filter(path => /\.json$/i.test(path))
  if (json.some(path => isZendesk(source.text(path)))) return 'zendesk'
  if (count(/\.(?:jsonl|ndjson)$/i)) return 'jsonl'
  return count(/\.(?:csv|tsv)$/i) ? 'csv' : null
}

function isZendesk(text: string): boolean {
  return (
    /^[\s\ufeff[]*\{/.test(text) && /"(?:articles?|translations?|sections?|categories)"\s*:\s*[[{]/.test(text)
  )
}

/** What is in it, in words. */
function seen(source: Source): string {
  if (!source.isFolder) return 'a file of another kind'
  const endings = new Map<string, number>()
  for (const path of source.files) {
    const ending = /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? 'no ending'
    endings.set(ending, (endings.get(ending) ?? 0) + 1)
  }
  const most = [...endings].sort((a, b) => b[1] - a[1]).slice(0, 4)
  return most.length ? most.map(([ending, times]) => `${times} ${ending}`).join(', ') : 'an empty folder'
}
