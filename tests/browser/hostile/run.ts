// `npm run hostile [-- --sample | --self-test | --part=1/3 | --policy=strict | --whole]`: every hostile text in every place where words of others are shown,
// and every hostile host page, in a real browser. Owns the batches, the search for the item that is to blame, and
// the closing lines.

import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import { htmlToMarkdown } from '../../../src/cli/importers/htmlPage'
import { COUNTERS, type Finding, type Visit, visit } from './batch'
import { type Item, readItems, sampleOf } from './corpus'
import { visitHostPages } from './hostPages'
import { selfTest } from './selfTest'
import { POLICIES } from './site'

const [app = '', ...flags] = process.argv.slice(2)
const only = flags.find(flag => flag.startsWith('--only='))?.slice(7)
const onlyPolicy = flags.find(flag => flag.startsWith('--policy='))?.slice(9)
const isVerbose = flags.includes('--verbose')
const trace = (place: string, ms: number, findings: number) =>
  console.log(`    ${place}: ${ms} ms, ${findings} findings`)
/** Says what was found, and does not look for the item that is to blame. */
const isWhole = flags.includes('--whole')
const isSample = flags.includes('--sample')
/** One part of so many, for machines that others wait for; the host pages come with the first. */
const [part = 1, parts = 1] =
  flags
    .find(flag => flag.startsWith('--part='))
    ?.slice(7)
    .split('/')
    .map(Number) ?? []
/** Items on one page; a finding is then searched for by halves. */
const BATCH = 500
const OPEN_ITEMS = 1_200
/** Two cores: one page draws while the other is set up. */
const AT_ONCE = 2
/** Culprits to name a run; more would say the same. */
const MAX_CULPRITS = 20

const imports = new Map<string, string>()
/** An item as HTML, through the importer. */
function imported({ id, text }: Item): string {
  let markdown = imports.get(id)
  if (markdown === undefined) {
    const link = (href: string) => href
    markdown = htmlToMarkdown(text.slice(0, 20_000), {
      link,
      image: link,
      embed: link,
      note: () => {},
      anchors: new Set(),
    })
    imports.set(id, markdown)
  }
  return markdown
}

const { path } = await findChromium()
const browser = await chromium.launch({ executablePath: path, args: CHROMIUM_ARGS })
let status = 0
try {
  if (flags.includes('--self-test')) status = (await selfTest({ browser, app }, imported)) ? 0 : 1
  else status = await attack()
} finally {
  await browser.close()
}
process.exit(status)

async function attack(): Promise<number> {
  const { items: all, isOutside } = readItems(process.env.ASKLET_DATA)
  if (!isOutside)
    console.log(
      'ASKLET_DATA names no folder with hostile/: only the few texts that the project has itself are tried.',
    )
  const meant = only ? all.filter(({ id }) => id.includes(only)) : isSample ? sampleOf(all, 350) : all
  const chosen = meant.filter((_, n) => n % parts === part - 1)
  const found: (Finding & { readonly policy: string })[] = []
  const jobs: (() => Promise<void>)[] = []
  for (const policy of POLICIES.filter(each => !onlyPolicy || each === onlyPolicy)) {
    // Without a policy what comes to life runs; under the others it is reported. Some of each kind show the former.
    const those = policy === 'open' ? sampleOf(chosen, OPEN_ITEMS / parts) : chosen
    for (let from = 0; from < those.length; from += BATCH) {
      const items = those.slice(from, from + BATCH)
      jobs.push(async () => {
        const started = Date.now()
        found.push(
          ...(await blame({ browser, policy, app, ...(isVerbose && { trace }) }, items)).map(each => ({
            ...each,
            policy,
          })),
        )
        if (isVerbose) console.log(`${policy} ${from}: ${Date.now() - started} ms`)
      })
    }
  }
  let pages = 0
  if (part === 1 && (!only || only.startsWith('page:')))
    for (const half of [0, 1])
      jobs.unshift(async () => {
        const seen = await visitHostPages(
          browser,
          app,
          (name, n) => n % 2 === half && name.includes(only?.slice(5) ?? ''),
        )
        pages += seen.pages
        found.push(...seen.findings.map(each => ({ ...each, policy: 'no policy' })))
      })
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await job()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))

  const lines = new Map<string, number>()
  for (const { kind, item, place, what, policy } of found) {
    const line = `${kind}: ${item ?? '?'} in ${place} (${policy}): ${what}`
    lines.set(line, (lines.get(line) ?? 0) + 1)
  }
  for (const [line, times] of lines) console.log(times > 1 ? `${line} (${times} times)` : line)
  console.log(`hostile-items: ${chosen.length}`)
  console.log(`hostile-pages: ${pages}`)
  for (const kind of COUNTERS) console.log(`${kind}: ${found.filter(each => each.kind === kind).length}`)
  console.log(`broken-journeys: ${found.filter(each => each.kind === 'broken-journey').length}`)
  return found.length ? 1 : 0
}

/** Findings with their items: a batch with one is halved until the item stands alone. */
async function blame(where: Visit, items: readonly Item[]): Promise<readonly Finding[]> {
  const findings = await visit(where, items, imported)
  const open = findings.filter(({ item }) => item === undefined)
  if (isWhole) return findings
  if (isVerbose)
    for (const { kind, place, what } of findings.slice(0, 5)) console.log(`  ${kind} ${place} ${what}`)
  if (open.length === 0 || items.length === 1)
    return findings.map(finding => ({ ...finding, item: finding.item ?? items[0]?.id ?? '' }))
  const half = Math.ceil(items.length / 2)
  const named: Finding[] = []
  for (const part of [items.slice(0, half), items.slice(half)])
    if (named.length < MAX_CULPRITS) named.push(...(await blame(where, part)))
  const blamed = named.filter(({ kind }) => open.some(each => each.kind === kind))
  // Where no half shows it alone, the batch is to blame.
  return [
    ...findings.filter(({ item }) => item !== undefined),
    ...(blamed.length ? blamed.filter(({ kind }) => kind !== 'slow-items') : open),
  ]
}
