// `npm run guest [-- --cycles 100] [--only keys,swap] [--self-test]`: what a page may expect of its guest, on the
// built files in a real Chromium; see tests/browser/guest. Needs a build.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

if (!existsSync('dist/demo/site.js') || !existsSync('dist/npm/element.js')) {
  console.error('The built files must be in dist/, got none. Run `npm run build` first.')
  process.exit(2)
}
// Inside node_modules, where packages are found; a folder of its own, because two may run at once.
const out = resolve(`node_modules/.cache/asklet-guest-${process.pid}`)
const common = { bundle: true, format: 'esm', logLevel: 'error' }
try {
  await build({
    ...common,
    entryPoints: ['tests/browser/guest/main.ts'],
    packages: 'external',
    platform: 'node',
    outfile: `${out}/main.mjs`,
  })
  // As a host's bundler makes it of the package.
  await build({
    ...common,
    entryPoints: ['dist/npm/index.js', 'dist/npm/element.js'],
    splitting: true,
    platform: 'browser',
    target: 'es2022',
    minify: true,
    outdir: `${out}/npm`,
  })
  // React as developers have it, where strict mode mounts everything twice.
  await build({
    ...common,
    entryPoints: ['tests/browser/guest/reactApp.ts'],
    external: ['/hosts/npm/index.js'],
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
    outfile: `${out}/npm/reactApp.js`,
  })
  process.exitCode =
    spawnSync(process.execPath, [`${out}/main.mjs`, `${out}/npm`, ...process.argv.slice(2)], {
      stdio: 'inherit',
    }).status ?? 1
} finally {
  rmSync(out, { recursive: true, force: true })
}
