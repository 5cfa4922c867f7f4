// `npm run engines`: the main journey on the built files in Chromium, Firefox ESR and WebKitGTK, each under the
// demo's strict policy with Trusted Types, its script from a second origin. Exits with 1 when one cannot.

import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { createAgent, openBrowser } from '../../../demo/people'
import type { Driver } from './engine'
import { type Found, findEngine, wantedEngines } from './findEngines'
import { playJourney } from './journey'
import { createPage, until } from './page'
import { openPlaywright } from './playwrightDriver'
import { openWebkit } from './webkitDriver'

const [eyesFile = '', ...words] = process.argv.slice(2)
const shots = process.env.ASKLET_SHOTS
const dist = resolve('dist')
const begun = performance.now()

/** The demo as it was built, so that nothing of the sources is on stage. */
const { startDemo } = (await import(
  pathToFileURL(join(dist, 'demo/site.js')).href
)) as typeof import('../../../demo/site')
const firstScript = readFileSync(eyesFile, 'utf8')

async function open(engine: Found): Promise<Driver> {
  return engine.name === 'webkit' ? openWebkit(engine) : openPlaywright(engine.name, engine.path)
}

/** @returns where it stopped; '' when it did not */
async function play(engine: Found, desk: Browser): Promise<string> {
  const policyReports: string[] = []
  const log = (line: string) => {
    if (line.startsWith('policy report')) policyReports.push(line)
  }
  const options = { port: 0, assistantPort: 0, dist, data: ':memory:', firstScript, log }
  const demo = await startDemo(options)
  const darkDemo = await startDemo({ ...options, tag: { 'data-theme': 'dark' } })
  const agent = await createAgent(desk, demo, 'Noor')
  let at = 'the engine starts'
  let driver: Driver | undefined
  const picture = (name: string) => {
    const folder = shots ?? tmpdir()
    mkdirSync(folder, { recursive: true })
    return join(folder, `engine-${engine.name}-${name}.png`)
  }
  try {
    const opened = await open(engine)
    driver = opened
    console.log(`\n${opened.version}`)
    const page = createPage(opened)
    await playJourney({
      page,
      agent,
      demo,
      darkDemo,
      policyReports,
      async step(name, act) {
        at = name
        const start = performance.now()
        await act()
        console.log(`${((performance.now() - start) / 1000).toFixed(2).padStart(7)} s  ${name}`)
      },
      async shot(name) {
        if (!shots) return
        const before = policyReports.length
        await page.settle()
        await opened.screenshot(picture(name))
        if (!opened.picturesAreReported) return
        await until('the picture was not reported', async () => policyReports.length > before)
        const own = policyReports.findIndex((report, i) => i >= before && report.includes('style-src-elem'))
        if (own >= 0) policyReports.splice(own, 1)
      },
    })
    return ''
  } catch (error) {
    const file = picture('stopped')
    const isTaken = await driver?.screenshot(file).then(
      () => true,
      () => false,
    )
    const sentence = (error as Error).message.split('\n').slice(0, 12).join('\n           ')
    console.log(`   FAIL     ${at}\n           ${sentence}`)
    return `stopped at "${at}"${isTaken ? `, see ${file}` : ''}`
  } finally {
    await driver?.close()
    await agent.close()
    await demo.close()
    await darkDemo.close()
  }
}

let engines: readonly Found[] = []
try {
  const found = await Promise.allSettled(wantedEngines(words).map(findEngine))
  const missing = found.flatMap(result => (result.status === 'rejected' ? [result.reason as Error] : []))
  if (missing.length > 0) throw new Error(missing.map(({ message }) => message).join('\n'))
  engines = found.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

const desk = await openBrowser()
const ends: string[] = []
for (const engine of engines) {
  const stopped = await play(engine, desk)
  ends.push(`${engine.name}: ${stopped || 'ok'}`)
}
await desk.close()
console.log(`\nengines: ${engines.length}`)
for (const end of ends) console.log(end)
console.log(`engines-seconds: ${((performance.now() - begun) / 1000).toFixed(1)}`)
process.exit(ends.every(end => end.endsWith(': ok')) ? 0 : 1)
