// Runs every test project on the built files and closes with one line that a script can read.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'

const chromium = await findChromium()
console.log(`Chromium: ${chromium.path} (${chromium.from})`)
if (!process.env.ASKLET_DATA) console.log('ASKLET_DATA is not set: tests on outside corpora are skipped.')

const report = join(mkdtempSync(join(tmpdir(), 'asklet-test-')), 'report.json')
const run = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, ASKLET_CHROMIUM: chromium.path } },
)
let counts
try {
  counts = JSON.parse(readFileSync(report, 'utf8'))
} catch {
  console.error('The test run ended without a report.')
  process.exit(1)
}
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(run.status !== 0 || passed === 0 ? 1 : 0)
