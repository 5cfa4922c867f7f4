// `npm run bench [name] [-- options]`: runs the benches of tests/bench: `<name>.ts`, or `<name>/run.ts` where a bench
// has parts. They print `name: value` lines and compare with a floor or a peer in the same run; none of them is a
// test. Without a name: all that are one file.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

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
// Within the project, so that packages are found.
mkdirSync('dist', { recursive: true })
const out = mkdtempSync('dist/bench-')
let isFailed = false
try {
  for (const name of chosen) {
    const outfile = join(out, `${name}.mjs`)
    await build({
      entryPoints: [entries.get(name)],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
    })
    const { status } = spawnSync(process.execPath, [outfile, ...options], { stdio: 'inherit' })
    isFailed ||= status !== 0
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
process.exit(isFailed ? 1 : 0)
