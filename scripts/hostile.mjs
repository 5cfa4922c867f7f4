// `npm run hostile [-- --sample | --self-test | --part=1/3]`: hostile texts and hostile pages against the built widget
// and desk, in a real browser; see tests/browser/hostile. Closes with `name: value` lines, and 1 when something came to
// life.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runBundled } from './runBundled.mjs'

if (!existsSync('dist/npm/index.js') || !existsSync('dist/desk/desk.js')) {
  console.error('dist/ must hold a build, got none. Run `npm run build`.')
  process.exit(1)
}
/** As a site's own bundler would: split, so that what waits for a visitor waits here too. */
const app = outdir => ({
  entryPoints: ['tests/browser/hostile/app.ts'],
  splitting: true,
  format: 'esm',
  target: 'es2022',
  outdir,
  plugins: [
    {
      name: 'what is published, not its source',
      setup({ onResolve }) {
        onResolve({ filter: /\/src\/index$/ }, () => ({ path: resolve('dist/npm/index.js') }))
      },
    },
  ],
})
process.exit(
  await runBundled(['tests/browser/hostile/run.ts'], {
    args: out => [join(out, 'app')],
    builds: out => [app(join(out, 'app'))],
  }),
)
