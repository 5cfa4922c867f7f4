// `npm run bench:search-speed`: builds the bench of tests/bench/searchSpeed, its pages included, and runs it; see
// tests/bench/searchSpeed/main.ts.
import { runBundled } from './runBundled.mjs'

const folder = 'tests/bench/searchSpeed'
process.exit(
  await runBundled(
    ['main', 'inNode', 'helpServer'].map(name => `${folder}/${name}.ts`),
    {
      builds: outdir => [
        // As a page would load them: parts that are imported late are files of their own.
        {
          entryPoints: ['pageOurs', 'pageMini'].map(name => `${folder}/${name}.ts`),
          platform: 'browser',
          format: 'esm',
          splitting: true,
          minify: true,
          outdir,
          // elasticlunr, whose stemmer MiniSearch is given, writes to a global that a module does not have.
          banner: { js: 'var lunr;' },
        },
      ],
    },
  ),
)
