// `npm run data`: builds real help centres that the project does not carry. They are found through ASKLET_DATA;
// without it this says so and ends well, except in CI.
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const data = process.env.ASKLET_DATA
if (!data || !existsSync(join(data, 'search'))) {
  console.log(
    `ASKLET_DATA must name a folder that holds search/; got ${data ? `"${data}"` : 'nothing'}. Nothing was checked.`,
  )
  process.exit(process.env.CI ? 1 : 0)
}

const work = mkdtempSync(join(tmpdir(), 'asklet-data-'))
const lines = []
let failures = 0

function asklet(label, args) {
  console.log(
    `\n$ asklet ${args.map(arg => arg.replace(data, '$ASKLET_DATA').replace(work, '$TMP')).join(' ')}`,
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/npm/cli.js', ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  const text = stdout.trimEnd().split('\n')
  // The whole report may be long; what it found is counted in its last lines.
  console.log(
    text.length > 40
      ? [...text.slice(0, 8), `  … ${text.length - 30} lines …`, ...text.slice(-22)].join('\n')
      : text.join('\n'),
  )
  if (stderr.trim()) console.log(stderr.trim().split('\n').slice(-15).join('\n'))
  if (status !== 0) {
    failures++
    console.log(`FAIL ${label}: exit ${status}`)
  }
  for (const line of text) {
    const figure = /^([a-z][a-z-]*): (\S+)$/.exec(line)
    if (figure) lines.push(`${label}-${figure[1]}: ${figure[2]}`)
  }
}

asklet('arduino', [
  'build',
  '--no-cache',
  join(data, 'search/markdown/arduino'),
  '--out',
  join(work, 'arduino'),
])
const corpora = new Map()
for (const file of readdirSync(join(data, 'search/corpora')).sort()) {
  const name = file.replace(/-\d+\.jsonl$/, '')
  corpora.set(name, [...(corpora.get(name) ?? []), join(data, 'search/corpora', file)])
}
for (const [name, files] of corpora) {
  asklet(`${name}-import`, ['import', ...files, '--out', join(work, `${name}-articles`)])
  asklet(name === 'arduino' ? 'arduino-imported' : name, [
    'build',
    '--no-cache',
    join(work, `${name}-articles`),
    '--out',
    join(work, name),
  ])
}

// What the next build saves, with the sentences of the demo's flows as intents: from nothing, again as it is, after a
// change of one article, and after one of an example: `npm run data -- --builds`.
if (process.argv.includes('--builds')) {
  const intents = join(work, 'intents')
  mkdirSync(intents)
  for (const name of readdirSync('demo/help/flows')) {
    const { id, startsWith } = JSON.parse(readFileSync(join('demo/help/flows', name), 'utf8'))
    if (startsWith) writeFileSync(join(intents, `${id}.txt`), `${startsWith.join('\n')}\n`)
  }
  const again = label =>
    asklet(label, [
      'build',
      join(work, 'm365-articles'),
      '--intents',
      intents,
      '--cache',
      join(work, 'cache'),
      '--out',
      join(work, 'm365'),
    ])
  again('m365-from-nothing')
  again('m365-again')
  const [article] = readdirSync(join(work, 'm365-articles'), { recursive: true })
    .filter(name => name.endsWith('.md'))
    .sort()
  appendFileSync(join(work, 'm365-articles', article), '\nOne more sentence.\n')
  again('m365-other-article')
  appendFileSync(join(intents, 'password-reset.txt'), 'my password is gone\n')
  again('m365-other-example')
}
rmSync(work, { recursive: true, force: true })
console.log(`\n${lines.join('\n')}`)
process.exit(failures ? 1 : 0)
