// `npm run torture -- --minutes 10 --seed 7`: real processes under faults; see tests/simulation/processes.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const out = mkdtempSync(join(tmpdir(), 'asklet-torture-run-'))
const outfile = join(out, 'torture.mjs')
await build({
  entryPoints: ['tests/simulation/processes/torture.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
  plugins: [
    {
      name: 'packages stay where they are installed',
      setup({ onResolve }) {
        onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
          if (kind === 'entry-point' || path.startsWith('node:')) return undefined
          return { path: import.meta.resolve(path, pathToFileURL(`${process.cwd()}/`)), external: true }
        })
      },
    },
  ],
})
const run = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal))
run.once('exit', code => {
  rmSync(out, { recursive: true, force: true })
  process.exit(code ?? 1)
})
