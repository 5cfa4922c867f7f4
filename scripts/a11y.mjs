// `npm run a11y [-- --quick] [--states home,live] [--self-test]`: every state of launcher, panel and desk, looked at
// with axe and with looks of our own; see tests/browser/a11y. Needs a build.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { bundleLooks } from './states.mjs'

if (!existsSync('dist/demo/site.js')) {
  console.error('The built files must be in dist/, got none. Run `npm run build` first.')
  process.exit(2)
}
const out = resolve(`node_modules/.cache/asklet-a11y-${process.pid}`)
try {
  await build({
    bundle: true,
    format: 'esm',
    logLevel: 'error',
    entryPoints: ['tests/browser/a11y/run.ts'],
    packages: 'external',
    platform: 'node',
    outfile: `${out}/run.mjs`,
  })
  await bundleLooks(resolve('.'), `${out}/inPage.js`)
  process.exitCode =
    spawnSync(process.execPath, [`${out}/run.mjs`, `${out}/inPage.js`, ...process.argv.slice(2)], {
      stdio: 'inherit',
    }).status ?? 1
} finally {
  rmSync(out, { recursive: true, force: true })
}
