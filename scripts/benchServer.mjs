// `npm run bench:server`: builds the bench of tests/bench/server and runs it. Its processes stay apart: the
// server under measurement must not share one with what measures it.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

// Within the project, so that what is not bundled is found.
const outdir = 'dist/bench-server'
await build({
  entryPoints: ['main', 'clients', 'floor', 'ours'].map(name => `tests/bench/server/${name}.ts`),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outdir,
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
})
const child = spawn(process.execPath, [`${outdir}/main.mjs`, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', code => {
  rmSync(outdir, { recursive: true, force: true })
  process.exit(code ?? 1)
})
