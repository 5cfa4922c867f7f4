// The data map as people read it: Markdown, and a page. Pure.

import { dataMap, otherPlaces, type TableLine } from '../server/dataMap'
import { DEFAULT_RETENTION } from '../server/retention'

const keptFor = ({ kept }: TableLine): string =>
  typeof kept === 'string' ? `\`retention.${kept}\`, ${DEFAULT_RETENTION[kept]} days` : `until ${kept.until}`

const ERASED: Readonly<Record<string, string>> = {
  emptied: 'emptied',
  replaced: 'replaced by nobody’s',
  deleted: 'deleted',
  stays: 'stays, of nobody by then',
}

interface MapRow {
  readonly cells: readonly string[]
}
const HEADS = [
  'table',
  'why',
  'whose',
  'what is kept',
  'how long',
  'when the person is erased',
  'in the export',
] as const

function rows(): MapRow[] {
  return (Object.entries(dataMap) as [string, TableLine][]).map(([table, line]) => {
    const columns = Object.entries(line.columns)
    const whose = [...new Set(columns.map(([, column]) => column.whose))].filter(who => who !== 'nobody')
    const told = columns.filter(([, column]) => column.whose !== 'nobody')
    const erased = [
      ...new Set(told.filter(([, { whose: who }]) => who === 'visitor').map(([, column]) => column.erased)),
    ]
    const exported = columns.filter(([, column]) => column.exported !== false).map(([name]) => name)
    return {
      cells: [
        `\`${table}\``,
        line.why,
        whose.join(', ') || 'nobody',
        told.map(([name, column]) => `${name}: ${column.holds}`).join('; ') || '–',
        keptFor(line),
        erased.map(how => ERASED[how] ?? how).join('; ') || '–',
        exported.length === 0 ? 'no' : exported.length === columns.length ? 'all' : exported.join(', '),
      ],
    }
  })
}

const places = () => [...otherPlaces.browser, ...otherPlaces.server]
const PLACE_HEADS = ['place', 'what', 'how long', 'how it goes'] as const
const placeRows = () => places().map(({ place, holds, kept, erased }) => [place, holds, kept, erased])

const table = (heads: readonly string[], body: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...body]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')

export function mapMarkdown(): string {
  return `${table(
    HEADS,
    rows().map(({ cells }) => cells),
  )}\n\n${table(PLACE_HEADS, placeRows())}\n`
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export function mapHtml(): string {
  const html = (heads: readonly string[], body: readonly (readonly string[])[]) =>
    `<table><thead><tr>${heads.map(head => `<th scope="col">${escaped(head)}</th>`).join('')}</tr></thead><tbody>${body
      .map(
        ([first = '', ...cells]) =>
          `<tr><th scope="row">${escaped(first.replaceAll('`', ''))}</th>${cells.map(cell => `<td>${escaped(cell.replaceAll('`', ''))}</td>`).join('')}</tr>`,
      )
      .join('\n')}</tbody></table>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What is kept of people</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head>
<body><main><h1>What is kept of people</h1>
<h2>In the database</h2>
${html(
  HEADS,
  rows().map(({ cells }) => cells),
)}
<h2>Elsewhere</h2>
${html(PLACE_HEADS, placeRows())}
</main></body></html>
`
}
