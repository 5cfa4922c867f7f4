// `npm run bench [name]`: runs the benches of tests/bench. They print `name: value` lines and compare with a floor
// or a peer in the same run; none of them is a test.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const wanted = process.argv[2]
const names = readdirSync('tests/bench')
  .filter(file => file.endsWith('.ts'))
  .map(file => basename(file, '.ts'))
if (wanted && !names.includes(wanted)) {
  console.error(`There is no bench "${wanted}". There are: ${names.join(', ')}.`)
  process.exit(2)
}
// Within the project, so that packages are found.
mkdirSync('dist', { recursive: true })
const out = mkdtempSync('dist/bench-')
let isFailed = false
for (const name of wanted ? [wanted] : names) {
  const outfile = join(out, `${name}.mjs`)
  await build({
    entryPoints: [`tests/bench/${name}.ts`],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  })
  const { status } = spawnSync(process.execPath, [outfile], { stdio: 'inherit' })
  isFailed ||= status !== 0
}
rmSync(out, { recursive: true, force: true })
process.exit(isFailed ? 1 : 0)
