// `npm run bench:relevance`: builds the bench of tests/bench/relevance and runs it; see tests/bench/relevance/run.ts.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

// Within the project, so that packages are found.
mkdirSync('dist', { recursive: true })
const out = mkdtempSync('dist/bench-')
const outfile = join(out, 'relevance.mjs')
try {
  await build({
    entryPoints: ['tests/bench/relevance/run.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  })
  process.exitCode =
    spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(out, { recursive: true, force: true })
}
