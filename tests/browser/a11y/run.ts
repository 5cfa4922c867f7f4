// `npm run a11y [-- --quick] [--states a,b] [--accept] [--journeys] [--self-test]`: every state in every theme, direction and size, by axe and
// by looks of our own; then the conformance page. Prints what is wrong, and closes with `name: value` lines.
// Exits with 1 when something is wrong, 2 when it was called wrongly.

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { openBrowser } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { STATES } from '../../../demo/states/catalogue'
import { conformancePage } from './conformance'
import { CHECKS, type Check } from './criteria'
import { type JourneyFaults, keyboardJourneys } from './journeys'
import { planOf } from './plan'
import { selfTest } from './selfTest'
import { createSweep, type Finding, SIZES } from './sweep'
import { differentTrees, TREES } from './trees'

/** Two cores: one page is drawn while another is looked at. */
const AT_ONCE = 2
/** The same fault stands in many states. */
const MAX_SHOWN = 6

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    states: { type: 'string' },
    accept: { type: 'boolean', default: false },
    'self-test': { type: 'boolean', default: false },
    journeys: { type: 'boolean', default: false },
  },
})
const inPage = readFileSync(positionals[0] ?? '', 'utf8')
const wanted = values.states?.split(',')
const unknown = wanted?.filter(id => !STATES.some(state => state.id === id)) ?? []
if (unknown.length > 0) {
  console.error(`--states takes ids of demo/states/catalogue.ts; got ${unknown.join(', ')}.`)
  process.exit(2)
}
const states = STATES.filter(({ id }) => !wanted || wanted.includes(id))

const browser = await openBrowser()
if (values['self-test']) {
  const isGood = await selfTest(browser, inPage)
  await browser.close()
  process.exit(isGood ? 0 : 1)
}
const dist = resolve('dist')
const { startDemo }: typeof import('../../../demo/site') = await import(
  pathToFileURL(resolve(dist, 'demo/site.js')).href
)
const demo: Demo = await startDemo({ port: 0, assistantPort: 0, dist, data: ':memory:' })
const frame = `${demo.address}/states/frame.html`
const jobs = values.journeys ? [] : planOf(states, values.quick)
const begun = performance.now()
const found: Finding[] = []
const looked = new Map<Check, number>()
let done = 0
const work = async () => {
  const sweep = createSweep(
    ({ size, theme, forced }) =>
      browser.newContext({
        viewport: SIZES[size],
        colorScheme: theme,
        reducedMotion: 'reduce',
        ...(forced && { forcedColors: 'active' }),
      }),
    frame,
    inPage,
  )
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    found.push(...(await sweep.look(job.state, job.setting)))
    if (++done % 100 === 0)
      console.log(
        `${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${done} pages, ${found.length} findings`,
      )
  }
  for (const [check, times] of sweep.looked) looked.set(check, (looked.get(check) ?? 0) + times)
  await sweep.close()
}
const pages = jobs.length
await Promise.all(Array.from({ length: AT_ONCE }, work))
/** Of all states together: what a screen reader finds, and the ways through them by keyboard. */
const trees: string[] = []
let journeys: JourneyFaults = { lost: [], speech: [], sentences: 0 }
if (!values.journeys) {
  const context = await browser.newContext({ viewport: SIZES.desktop, reducedMotion: 'reduce' })
  const ids = TREES.filter(id => wanted?.includes(id) ?? true)
  trees.push(...(await differentTrees(await context.newPage(), frame, ids, STATES, values.accept)))
  await context.close()
  if (!wanted) looked.set('trees', ids.length)
}
if (!wanted) {
  console.log('\nby keyboard alone')
  journeys = await keyboardJourneys(browser, demo)
  looked.set('journeys', 1)
  looked.set('speech', journeys.sentences)
}
await demo.close()
await browser.close()

const same = new Map<string, Finding[]>()
for (const finding of found) {
  const key = `${finding.check}: ${finding.what}`
  same.set(key, [...(same.get(key) ?? []), finding])
}
for (const [key, findings] of [...same].sort(([, a], [, b]) => b.length - a.length)) {
  console.log(`\n${key} (${findings.length} times)`)
  for (const { state, setting } of findings.slice(0, MAX_SHOWN))
    console.log(`   ${state}  ${setting.size} ${setting.theme} ${setting.locale} ${setting.accent ?? ''}`)
}

for (const sentence of [...trees, ...journeys.lost, ...journeys.speech]) console.log(`\n${sentence}`)
const together: Partial<Record<Finding['check'], number>> = {
  trees: trees.length,
  journeys: journeys.lost.length,
  speech: journeys.speech.length,
}
const wrongOf = (check: Finding['check']) =>
  found.filter(finding => finding.check === check).length + (together[check] ?? 0)
const every = Object.keys(CHECKS) as Check[]
const settings = planOf(states, values.quick).map(({ setting }) => setting)
if (!values.quick && !values.journeys && !wanted) {
  const count = (of: (check: Check) => number) =>
    Object.fromEntries(every.map(check => [check, of(check)])) as Record<Check, number>
  writeFileSync(
    'demo/states/conformance.html',
    conformancePage({
      states: states.length,
      pages,
      locales: [...new Set(settings.map(({ locale }) => locale))],
      sizes: [...new Set(settings.map(({ size }) => `${SIZES[size].width} px`))],
      looked: count(check => looked.get(check) ?? 0),
      wrong: count(wrongOf),
    }),
  )
}
const scripted = every.filter(check => !['axe', 'contrast', 'accents', 'speech'].includes(check))
console.log(`\na11y-seconds: ${((performance.now() - begun) / 1000).toFixed(0)}`)
console.log(`states: ${states.length}`)
console.log(`pages: ${pages}`)
console.log(`not-reached: ${wrongOf('reached')}`)
console.log(`axe-violations: ${wrongOf('axe')}`)
console.log(`scripted-violations: ${scripted.reduce((sum, check) => sum + wrongOf(check), 0)}`)
console.log(`keyboard-traps: ${wrongOf('trap')}`)
console.log(`announcements: ${journeys.sentences}`)
console.log(`announcements-wrong: ${journeys.speech.length}`)
console.log(`contrast-failures: ${wrongOf('contrast') + wrongOf('accents')}`)
process.exit(found.length + trees.length + journeys.lost.length + journeys.speech.length > 0 ? 1 : 0)
