// `npm run engines [-- --only firefox]`: the main journey on the built files in three browser engines; see
// tests/browser/engines. Needs a build.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

if (!existsSync('dist/demo/site.js')) {
  console.error('dist/demo/site.js is missing. Run `npm run build` first.')
  process.exit(1)
}
// Inside node_modules, where packages are found; a folder of its own, because two may run at once.
const out = resolve(`node_modules/.cache/asklet-engines-${process.pid}`)
const common = { bundle: true, outdir: out, logLevel: 'error' }
await build({
  ...common,
  entryPoints: ['tests/browser/engines/run.ts'],
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
})
await build({ ...common, entryPoints: ['tests/browser/engines/eyes.ts'], format: 'iife', target: 'es2022' })
const { status } = spawnSync(
  process.execPath,
  [`${out}/run.mjs`, `${out}/eyes.js`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
rmSync(out, { recursive: true, force: true })
process.exit(status ?? 1)
