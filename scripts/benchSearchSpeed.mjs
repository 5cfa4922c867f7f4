// `npm run bench:search-speed`: builds the bench of tests/bench/searchSpeed, its pages included, and runs it; see
// tests/bench/searchSpeed/main.ts.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

// Within the project, so that packages are found.
const outdir = 'dist/bench-search-speed'
const folder = 'tests/bench/searchSpeed'
const shared = { bundle: true, format: 'esm', outdir, logLevel: 'error' }
try {
  await build({
    ...shared,
    entryPoints: ['main', 'inNode', 'helpServer'].map(name => `${folder}/${name}.ts`),
    packages: 'external',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
  })
  // As a page would load them: parts that are imported late are files of their own.
  await build({
    ...shared,
    entryPoints: ['pageOurs', 'pageMini'].map(name => `${folder}/${name}.ts`),
    platform: 'browser',
    splitting: true,
    minify: true,
    // elasticlunr, whose stemmer MiniSearch is given, writes to a global that a module does not have.
    banner: { js: 'var lunr;' },
  })
  process.exitCode =
    spawnSync(process.execPath, [`${outdir}/main.mjs`, ...process.argv.slice(2)], { stdio: 'inherit' })
      .status ?? 1
} finally {
  rmSync(outdir, { recursive: true, force: true })
}
