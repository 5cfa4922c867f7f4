// `npm run bench:page`: builds the bench of tests/bench/page with the floor that it compares with, and runs it over
// what `npm run build` left in dist/; see tests/bench/page/main.ts.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

if (!existsSync('dist/cdn/asklet.js') || !existsSync('dist/demo/help/manifest.json')) {
  console.error('The built files must be in dist/, got none. Run `npm run build` first.')
  process.exit(2)
}
// Within the project, so that packages are found.
const outdir = 'dist/bench-page'
const folder = 'tests/bench/page'
const shared = { bundle: true, logLevel: 'error' }
const floor = { ...shared, outdir: `${outdir}/floor`, platform: 'browser', target: 'es2022', minify: true }
try {
  await build({
    ...shared,
    entryPoints: [`${folder}/main.ts`],
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir,
    outExtension: { '.js': '.mjs' },
  })
  await build({ ...floor, entryPoints: [`${folder}/floor/launcher.ts`], format: 'iife' })
  await build({ ...floor, entryPoints: [`${folder}/floor/panel.tsx`], format: 'esm' })
  process.exitCode =
    spawnSync(process.execPath, [`${outdir}/main.mjs`, ...process.argv.slice(2)], { stdio: 'inherit' })
      .status ?? 1
} finally {
  rmSync(outdir, { recursive: true, force: true })
}
