// `npm run guest [-- --cycles 100] [--only keys,swap] [--self-test]`: what a page may expect of its guest, on the
// built files in a real Chromium; see tests/browser/guest. Needs a build.
import { existsSync } from 'node:fs'
import { runBundled } from './runBundled.mjs'

if (!existsSync('dist/demo/site.js') || !existsSync('dist/npm/element.js')) {
  console.error('The built files must be in dist/, got none. Run `npm run build` first.')
  process.exit(2)
}
const browser = { format: 'esm', platform: 'browser', target: 'es2022' }
process.exit(
  await runBundled(['tests/browser/guest/main.ts'], {
    args: out => [`${out}/npm`],
    builds: out => [
      // As a host's bundler makes it of the package.
      {
        ...browser,
        entryPoints: ['dist/npm/index.js', 'dist/npm/element.js', 'dist/npm/desk.js'],
        splitting: true,
        minify: true,
        outdir: `${out}/npm`,
      },
      // React as developers have it, where strict mode mounts everything twice.
      {
        ...browser,
        entryPoints: ['tests/browser/guest/reactApp.ts'],
        external: ['/hosts/npm/index.js'],
        define: { 'process.env.NODE_ENV': '"development"' },
        outfile: `${out}/npm/reactApp.js`,
      },
    ],
  }),
)
