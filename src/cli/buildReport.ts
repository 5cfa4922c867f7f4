// What `asklet build` says at the end: findings with file and line, a table for people, and last the lines
// `name: value` that programs read. Pure.

import type { BuildFigures } from './build'
import type { Finding, FindingKind } from './findings'
import type { HelpFolder } from './helpFolder'

/** Enough to see what kind of trouble it is; `--all` prints the rest. */
const SHOWN_OF_A_KIND = 10

const HEADLINES: readonly (readonly [FindingKind, (count: string) => string])[] = [
  ['error', count => `${count} with mistakes, left out`],
  ['broken-link', count => `${count} leading nowhere, shown as far as possible`],
  ['missing-image', count => `${count} missing, alt text shown instead`],
  ['outside-image', count => `${count} of other sites, alt text shown instead`],
  ['alt', count => `${count} without words for who cannot see them`],
  ['large-image', count => `${count} slow to come`],
  ['anchor', count => `${count} under another name than the one asked for`],
  ['duplicate', count => `${count} saying what another one says`],
  ['thin', count => `${count} with hardly any words`],
  ['html', count => `${count} of HTML that cannot be shown`],
  ['mdx', count => `${count} of MDX shown otherwise or left out`],
  ['front-matter', count => `${count} of front matter not read`],
  ['synonyms', count => `${count} of synonyms left out`],
  ['outcomes', count => `${count} of outcomes left out`],
  ['draft', count => `${count} marked as drafts`],
  ['flow', count => `${count} of flows that could be better`],
  ['intents', count => `${count} of intents to mend: without them messages begin flows worse, or not at all`],
]
const NOUNS: Readonly<Record<FindingKind, readonly [one: string, many: string]>> = {
  error: ['file', 'files'],
  'broken-link': ['link', 'links'],
  'missing-image': ['image', 'images'],
  'outside-image': ['image', 'images'],
  alt: ['image', 'images'],
  'large-image': ['image', 'images'],
  anchor: ['heading', 'headings'],
  duplicate: ['article', 'articles'],
  thin: ['article', 'articles'],
  html: ['element', 'elements'],
  mdx: ['piece', 'pieces'],
  'front-matter': ['key', 'keys'],
  intents: ['line', 'lines'],
  synonyms: ['line', 'lines'],
  outcomes: ['line', 'lines'],
  draft: ['article', 'articles'],
  flow: ['place', 'places'],
}

export function buildReport(
  help: Pick<HelpFolder, 'found'>,
  findings: readonly Finding[],
  figures: BuildFigures,
  { all, base, seconds }: { readonly all: boolean; readonly base: string; readonly seconds: number },
): readonly string[] {
  const lines: string[] = []
  for (const [kind, headline] of HEADLINES) {
    const own = findings.filter(finding => finding.kind === kind)
    if (!own.length) continue
    const counted = kind === 'error' ? new Set(own.map(({ file }) => file)).size : own.length
    lines.push(headline(`${number(counted)} ${NOUNS[kind][counted === 1 ? 0 : 1]}`))
    const shown = all || kind === 'error' ? own : own.slice(0, SHOWN_OF_A_KIND)
    for (const { file, line, sentence } of shown) lines.push(`  ${file}:${line}: ${sentence}`)
    if (shown.length < own.length)
      lines.push(`  … and ${number(own.length - shown.length)} more (--all shows them)`)
    lines.push('')
  }
  const count = (kind: FindingKind) => findings.filter(finding => finding.kind === kind).length
  const rows: readonly (readonly [string, string])[] = [
    ['files found', number(help.found)],
    ['articles built', number(figures.articles)],
    ['words', number(figures.words)],
    ['sections', number(figures.sections)],
    ...(figures.withoutQuestions
      ? [
          [
            'without questions',
            `${number(figures.withoutQuestions)} (asklet questions --check says which)`,
          ] as const,
        ]
      : []),
    ['flows', number(figures.flows)],
    ['model', MODELS[figures.model]],
    // Said, because a wrong --base shows nowhere else before readers see no image.
    ['images copied', figures.images ? `${number(figures.images)}, shown from ${base}images/` : '0'],
    ['images missing', number(count('missing-image'))],
    ['images of other sites', number(count('outside-image'))],
    ['broken links', number(figures.brokenLinks)],
    ['duplicates', number(figures.duplicates)],
    ['thin articles', number(count('thin'))],
    [
      'index',
      `${number(figures.indexBytes)} bytes${figures.indexBrotli === null ? ', compressed size not measured (--no-cache measures it)' : `, ${number(figures.indexBrotli)} brotli`}`,
    ],
    [
      'median article',
      `${number(figures.medianArticleBytes)} bytes, ${number(figures.medianArticleBrotli)} brotli`,
    ],
    ['files rebuilt', `${number(figures.rebuilt)}, ${number(figures.reused)} as they were`],
    ['time', `${seconds.toFixed(1)} s`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, value] of rows) lines.push(`${name.padEnd(width)}  ${value}`)
  lines.push('')
  lines.push(
    `articles: ${figures.articles}`,
    `words: ${figures.words}`,
    `sections: ${figures.sections}`,
    ...(figures.withoutQuestions === null ? [] : [`without-questions: ${figures.withoutQuestions}`]),
    `broken-links: ${figures.brokenLinks}`,
    `duplicates: ${figures.duplicates}`,
    `missing-images: ${count('missing-image')}`,
    `thin: ${count('thin')}`,
    `errors: ${count('error')}`,
    `index-bytes: ${figures.indexBytes}`,
    `index-br: ${figures.indexBrotli ?? 'not-measured'}`,
    `article-br: ${figures.medianArticleBrotli}`,
    `model: ${figures.model}`,
    `rebuilt: ${figures.rebuilt}`,
    `reused: ${figures.reused}`,
    `seconds: ${seconds.toFixed(2)}`,
  )
  return lines
}

const MODELS = {
  none: 'none: it takes two flows or intents, with examples that belong to one each',
  trained: 'trained anew',
  reused: 'as it was: no example changed',
} as const

/** With a thin space a thousand, whatever the machine's language. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}
