// `npm run bench:page`: builds the bench of tests/bench/page with the floor that it compares with, and runs it over
// what `npm run build` left in dist/; see tests/bench/page/main.ts.
import { existsSync } from 'node:fs'
import { runBundled } from './runBundled.mjs'

if (!existsSync('dist/cdn/asklet.js') || !existsSync('dist/demo/help/manifest.json')) {
  console.error('The built files must be in dist/, got none. Run `npm run build` first.')
  process.exit(2)
}
const folder = 'tests/bench/page'
process.exit(
  await runBundled([`${folder}/main.ts`], {
    builds: out => {
      const floor = { outdir: `${out}/floor`, platform: 'browser', target: 'es2022', minify: true }
      return [
        { ...floor, entryPoints: [`${folder}/floor/launcher.ts`], format: 'iife' },
        { ...floor, entryPoints: [`${folder}/floor/panel.tsx`], format: 'esm' },
      ]
    },
  }),
)
