// `npm run hostile [-- --sample | --self-test | --part=1/3]`: hostile texts and hostile pages against the built widget
// and desk, in a real browser; see tests/browser/hostile. Closes with `name: value` lines, and 1 when something came to
// life.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

if (!existsSync('dist/npm/index.js') || !existsSync('dist/desk/desk.js')) {
  console.error('dist/ must hold a build, got none. Run `npm run build`.')
  process.exit(1)
}
// Inside node_modules, where packages are found; a folder of its own, because two may run at once.
const out = resolve(`node_modules/.cache/asklet-hostile-${process.pid}`)
await build({
  entryPoints: ['tests/browser/hostile/run.ts'],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outfile: join(out, 'run.mjs'),
  logLevel: 'error',
})
// As a site's own bundler would: split, so that what waits for a visitor waits here too.
await build({
  entryPoints: ['tests/browser/hostile/app.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  outdir: join(out, 'app'),
  logLevel: 'error',
  plugins: [
    {
      name: 'what is published, not its source',
      setup({ onResolve }) {
        onResolve({ filter: /\/src\/index$/ }, () => ({ path: resolve('dist/npm/index.js') }))
      },
    },
  ],
})
const { status } = spawnSync(
  process.execPath,
  [join(out, 'run.mjs'), join(out, 'app'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
)
rmSync(out, { recursive: true, force: true })
process.exit(status ?? 1)
