// `npm run engines [-- --only firefox]`: the main journey on the built files in three browser engines; see
// tests/browser/engines. Needs a build.
import { existsSync } from 'node:fs'
import { runBundled } from './runBundled.mjs'

if (!existsSync('dist/demo/site.js')) {
  console.error('dist/demo/site.js is missing. Run `npm run build` first.')
  process.exit(1)
}
process.exit(
  await runBundled(['tests/browser/engines/run.ts'], {
    args: out => [`${out}/eyes.js`],
    builds: outdir => [
      { entryPoints: ['tests/browser/engines/eyes.ts'], format: 'iife', target: 'es2022', outdir },
    ],
  }),
)
