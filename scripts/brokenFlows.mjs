// `npm run broken-flows`: a broken flow of each kind and the sentence that its author reads, as a table. Each file of
// tests/fixtures/flows-broken is checked by itself, as if it were the site's only one. Needs a build.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const CLI = 'dist/npm/cli.js'
const FOLDER = 'tests/fixtures/flows-broken'
if (!existsSync(CLI)) {
  console.error(`${CLI} is missing. Run \`npm run build\` first.`)
  process.exit(2)
}
const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
const rows = names.flatMap(name => {
  const args = [
    CLI,
    'check',
    join(FOLDER, name),
    '--articles',
    join(FOLDER, 'articles'),
    '--actions',
    'lookUpOrder',
  ]
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const sentences = stderr.split('\n').filter(line => line.startsWith(name))
  return (sentences.length ? sentences : [`${name}: nothing to mend`]).map((line, i) => {
    const [, place = '', code = '', sentence = ''] =
      /^[^:]+:([\d:]*):? ?(?:Asklet \[(\w+)\]: )?(.*)$/s.exec(line) ?? []
    return [
      i ? '' : name.slice(0, -5),
      place.replace(/:$/, ''),
      code === 'flow_advice' ? 'advice' : code && 'problem',
      sentence,
    ]
  })
})
const cell = text => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
console.log('| broken flow | line:column | kind | what its author reads |\n|---|---|---|---|')
for (const row of rows) console.log(`| ${row.map(cell).join(' | ')} |`)
console.log(`\nflows: ${names.length}\nsentences: ${rows.filter(([, , kind]) => kind).length}`)
