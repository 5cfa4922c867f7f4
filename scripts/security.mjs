// `npm run security [-- --short]`: attacks the real server, built from the sources as they are. Closes with four
// `name: value` lines and 1 when an access was wrong or the server ended.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

// Inside node_modules, where packages are found; a folder of its own, because two may run at once.
const out = resolve(`node_modules/.cache/asklet-security-${process.pid}`)
await build({
  entryPoints: ['tests/security/run.ts', 'tests/security/server.ts'],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
})
const { status } = spawnSync(
  process.execPath,
  [`${out}/run.mjs`, `${out}/server.mjs`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
rmSync(out, { recursive: true, force: true })
process.exit(status ?? 1)
