// The table of tests/bench/results.md. Replaces what stands between its two marks and nothing else: the notes of
// what was tuned are written by hand.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Engine } from './engine'
import { mean, meanFigures } from './figures'
import type { Measured, Work } from './measure'
import type { Pieces } from './pieces'
import { codeBytes, indexBytes } from './sizes'

const BEGIN = '<!-- printed by npm run bench:relevance -- --write -->'
const END = '<!-- end of what is printed -->'
const EMPTY = `# How well suggestions find the article\n\n${BEGIN}\n${END}\n\n## Tuning log\n`

/**
 * @param engines  all there are; the row of one that was not measured stays as it is
 * @throws TimeOver when `pieces` has no time left to weigh an engine
 */
export async function writeResults(
  file: string,
  engines: readonly Engine[],
  measured: readonly Measured[],
  { sets, corpora }: Pick<Work, 'sets' | 'corpora'>,
  pieces: Pieces,
): Promise<void> {
  const [largest] = [...corpora].sort((a, b) => b[1].length - a[1].length)
  if (!largest) return
  const before = existsSync(file) ? readFileSync(file, 'utf8') : EMPTY
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`${file} must hold the line "${BEGIN}" and after it "${END}".`)
  const rows: string[] = []
  for (const engine of engines) {
    const result = measured.find(({ name }) => name === engine.name)
    const known = before.split('\n').find(line => line.startsWith(`| ${engine.name} |`))
    if (result)
      rows.push(
        row(result, {
          index: await pieces.once(`${engine.name} index`, () => indexBytes(engine, largest[1])),
          code: await pieces.once(`${engine.name} code`, () => codeBytes(engine)),
        }),
      )
    else if (known) rows.push(known)
  }
  const table = [
    `Means over the sets ${sets.map(({ name }) => name).join(', ')}, each counting the same; success@1 / success@3 / MRR@10. Index of "${largest[0]}", ${largest[1].length} articles, and code minified, brotli 11 (5 from 12 MB on).`,
    '',
    '| | full | first 60 % | one typo | keys saved | index kB | code kB | queries a set | crashes |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ]
  writeFileSync(file, `${before.slice(0, from)}${BEGIN}\n\n${table.join('\n')}\n\n${before.slice(to)}`)
}

function row(result: Measured, bytes: { readonly index: number | string; readonly code: number }): string {
  const cell = (variant: 'full' | 'p60' | 'typo') => {
    const sums = meanFigures([...result.sets.values()].map(variants => variants[variant]))
    return [sums.first, sums.firstThree, sums.reciprocal].map(share => share.toFixed(3)).join(' / ')
  }
  const cells = [
    result.name,
    cell('full'),
    cell('p60'),
    cell('typo'),
    result.keysSaved.size ? mean([...result.keysSaved.values()]).toFixed(3) : '',
    typeof bytes.index === 'number' ? kB(bytes.index) : 'crashed',
    kB(bytes.code),
    Number.isFinite(result.sample) ? String(result.sample) : 'all',
    String(result.crashes),
  ]
  return `| ${cells.join(' | ')} |`
}

const kB = (bytes: number) => (bytes / 1_000).toFixed(bytes < 100_000 ? 1 : 0)
