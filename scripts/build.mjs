// `npm run build`: everything in dist/, from scratch; old hashed chunks never pile up.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { bundleStates } from './states.mjs'

const start = performance.now()
const run = (label, args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) {
    console.error(`${label} failed:\n${stdout}\n${stderr}`)
    process.exit(status ?? 1)
  }
  // Rollup reports its warnings on stderr and exits 0: a warning is a mistake here.
  const warnings = stderr.split('\n').filter(line => line.startsWith('(!)'))
  if (warnings.length) {
    console.error(`${label} warned:\n${stderr}`)
    process.exit(1)
  }
  console.log(`${label}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return stdout
}

rmSync('dist', { recursive: true, force: true })
run('bundles', ['node_modules/rollup/dist/bin/rollup', '-c'])
chmodSync('dist/npm/cli.js', 0o755)
for (const file of ['index.html', 'icon.svg']) copyFileSync(`src/desk/${file}`, `dist/desk/${file}`)
for (const file of ['cli/preview/index.html', 'cli/preview/preview.css', 'desk/icon.svg'])
  copyFileSync(`src/${file}`, `dist/preview/${basename(file)}`)
cpSync('demo/marketplace', 'dist/demo/marketplace', {
  recursive: true,
  filter: path => !path.endsWith('.ts'),
})
cpSync('demo/hosts', 'dist/demo/hosts', { recursive: true, filter: path => !path.endsWith('.ts') })
copyFileSync('demo/asklet.json', 'dist/demo/asklet.json')
await bundleStates(process.cwd(), resolve('dist/demo/states'))
copyFileSync('demo/states.html', 'dist/demo/states/index.html')
// Written by `npm run a11y`, from what its last whole run found.
for (const name of ['conformance.html', 'conformance.css'])
  if (existsSync(join('demo/states', name)))
    copyFileSync(join('demo/states', name), join('dist/demo/states', name))
console.log(`gallery: ${((performance.now() - start) / 1000).toFixed(1)} s`)
// Translations lie beside the articles, not among them: what is measured over the demo's articles is English.
const articles = mkdtempSync(join(tmpdir(), 'asklet-demo-articles-'))
for (const folder of ['articles', 'translations'])
  cpSync(`demo/help/${folder}`, articles, { recursive: true })
const report = run('demo articles', [
  'dist/npm/cli.js',
  'build',
  '--no-cache',
  articles,
  '--out',
  'dist/demo/help',
  '--private-out',
  'dist/demo/private',
  '--flows',
  'demo/help/flows',
  '--fail-on-broken-links',
])
rmSync(articles, { recursive: true })
console.log(report.trimEnd().split('\n').slice(-14).join('\n'))
console.log(
  `built ${JSON.parse(readFileSync('package.json', 'utf8')).version} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
)
