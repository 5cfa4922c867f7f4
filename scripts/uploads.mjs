// `npm run uploads`: hostile names and bytes through the real upload path, from the sources as they are. Closes with
// `uploads-tried:` and `uploads-wrong:`, and 1 when something was wrong.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

// Inside node_modules, where packages are found; a folder of its own, because two may run at once.
const out = resolve(`node_modules/.cache/asklet-uploads-${process.pid}`)
await build({
  entryPoints: ['tests/uploads/run.ts'],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
})
const { status } = spawnSync(process.execPath, [`${out}/run.mjs`], { stdio: 'inherit' })
rmSync(out, { recursive: true, force: true })
process.exit(status ?? 1)
