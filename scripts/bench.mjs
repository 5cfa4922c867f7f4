// `npm run bench [name] [-- options]`: runs the benches of tests/bench: `<name>.ts`, or `<name>/run.ts` where a bench
// has parts. They print `name: value` lines and compare with a floor or a peer in the same run; none of them is a
// test. Without a name: all that are one file.
import { existsSync, readdirSync } from 'node:fs'
import { runBundled } from './runBundled.mjs'

const entries = new Map()
for (const { name } of readdirSync('tests/bench', { withFileTypes: true })) {
  const parts = `tests/bench/${name}/run.ts`
  if (name.endsWith('.ts')) entries.set(name.slice(0, -3), `tests/bench/${name}`)
  else if (existsSync(parts)) entries.set(name, parts)
}
const [wanted, ...options] = process.argv.slice(2)
if (wanted && !entries.has(wanted)) {
  console.error(`There is no bench "${wanted}". There are: ${[...entries.keys()].join(', ')}.`)
  process.exit(2)
}
const chosen = wanted
  ? [wanted]
  : [...entries].filter(([, file]) => !file.endsWith('/run.ts')).map(([name]) => name)
let isFailed = false
for (const name of chosen)
  isFailed = (await runBundled([entries.get(name)], { given: options })) !== 0 || isFailed
process.exit(isFailed ? 1 : 0)
