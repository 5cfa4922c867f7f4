// `npm run bench [name]`: runs the benches of tests/bench. They print `name: value` lines and compare with a floor
// or a peer in the same run; none of them is a test.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
const out = mkdtempSync(join(tmpdir(), 'asklet-bench-'))
let isFailed = false
for (const name of wanted ? [wanted] : names) {
  const outfile = join(out, `${name}.mjs`)
  await build({
    entryPoints: [`tests/bench/${name}.ts`],
    bundle: true,
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
