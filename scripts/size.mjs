// Bytes a visitor's browser fetches up to each step, brotli 11, cumulative, against budget and ceiling.
// Code is JavaScript with its styles and English texts; data (index, config, flows, model, an article) is printed apart.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const version = JSON.parse(readFileSync('package.json', 'utf8')).version
const folder = join('dist/cdn', version)
if (!existsSync(folder)) {
  console.error(`${folder} is missing. Run \`npm run build\` first.`)
  process.exit(2)
}
const br = bytes =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length
const files = readdirSync(folder).filter(name => name.endsWith('.js'))
const named = name => {
  const found = files.find(
    file => file === `${name}.js` || new RegExp(`^${name}-[a-z0-9]{6,}\\.js$`).test(file),
  )
  if (!found) throw new Error(`No chunk ${name} in ${folder}: ${files.join(', ')}`)
  return found
}

/** A chunk with everything that it imports statically, minus what is there already. */
function bring(name, have) {
  const file = name.endsWith('.js') ? name : named(name)
  if (have.has(file)) return 0
  have.add(file)
  const code = readFileSync(join(folder, file))
  let sum = br(code)
  for (const [, next] of code.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    sum += bring(next, have)
  return sum
}

/**
 * Figure, budget, ceiling, and the chunks that come with this step. Over budget is a debt, printed as such; over the
 * ceiling fails. A ceiling is what has been reached, with a hundred bytes of air: it goes down with what is saved, and
 * up only in the commit that says what the visitor gets for it.
 */
const STEPS = [
  ['page-load-br', 3_000, 3_350, ['asklet']],
  ['first-open-br', 27_000, 32_100, ['panel']],
  ['first-article-br', 28_000, 34_200, ['ArticleView']],
  ['first-answer-br', 34_000, 57_950, ['conversation', 'typos']],
  // The flow engine comes with the first flow, and a person may be reached without one: the dearest road is counted.
  ['escalation-br', 48_000, 103_850, ['flowEngine', 'handoff', 'startLive', 'socketTransport']],
  ['all-br', 64_000, 119_610, ['fromMarkdown']],
]
/** Of all chunks that no step needs, each of them without what a step has brought. */
const OTHERS_CEILING = 17_750
/** A bundle of its own with all that it needs, for sites that offer help unasked. */
const OFFERS_CEILING = 8_100
const flow = br(readFileSync(join(folder, named('flowEngine'))))
const have = new Set()
let sum = 0
let isOver = false
const lines = []
for (const [figure, budget, ceiling, chunks] of STEPS) {
  for (const chunk of chunks) sum += bring(chunk, have)
  isOver ||= sum > ceiling
  const debt = sum > budget ? `  over budget by ${sum - budget}` : ''
  const fails = sum > ceiling ? `  ABOVE ITS CEILING OF ${ceiling}` : ''
  console.log(
    `${figure.padEnd(18)} ${String(sum).padStart(6)} of ${budget}${debt}${fails}   + ${chunks.join(', ')}`,
  )
  lines.push(`${figure}: ${sum}`)
}
// What English says of wanting a person: data, as the words of other languages are, fetched with the first message.
lines.push(`words-br: ${bring('en', have)}`)
// What weighs the tone of English, likewise; the lists are heard while it is on its way.
lines.push(`tone-model-br: ${bring('toneModel', have) + bring('en.tone', have)}`)
// Fetched at the first key, beside the list: no step waits for it, and without it nothing is missing.
lines.push(`completion-br: ${bring('Completion', have)}`)
// Once a person's conversation is over, or a copy of it is wanted: no step waits for it.
lines.push(`afterwards-br: ${bring('Afterwards', have)}`)
// Where somebody is signed in or asked for a person before: the list beside the first view, and one that is read.
lines.push(
  `past-br: ${bring('PastList', have) + bring('pastConversations', have) + bring('PastThread', have)}`,
)
// Why something was said or offered, an objection to it, and what a person is told: beside the answer, which does not wait.
lines.push(`why-br: ${bring('Why', have)}`)
// Where a conversation is a ticket: how it stands, what happened to it, what can be done.
lines.push(`ticket-br: ${bring('Ticket', have)}`)
// With the first event of a dispute between two visitors, or where a page names what there could be one about.
lines.push(`dispute-br: ${bring('Dispute', have)}`)
// With the first unread words behind a closed window.
lines.push(`title-notice-br: ${bring('titleNotice', have)}`)
// Only for a page that has a button of its own in the place of ours.
lines.push(`host-buttons-br: ${bring('hostButtons', have)}`)
// Only where the configuration names a server with a language model; with the masks, where no step brought them.
lines.push(`model-answers-br: ${bring('modelAnswers', have)}`)
const offers = bring('offers', have)
lines.push(`offers-br: ${offers}`)
if (offers > OFFERS_CEILING) {
  isOver = true
  console.log(`offers-br: ABOVE ITS CEILING OF ${OFFERS_CEILING}`)
}
// Only for a developer who asks what is wrong; with the schema and its sentences.
lines.push(`diagnose-br: ${bring('diagnose', have)}`)
// One other language than English, the dearest, with what chooses it: no English visitor fetches either.
const LOCALE = /^(?:ar|de|es|fr|he|ja|pt)-[a-z0-9]+\.js$/
const choosing = files.filter(file => /^locales-/.test(file)).map(file => bring(file, have))
lines.push(
  `locale-br: ${Math.max(...choosing) + Math.max(...files.filter(file => LOCALE.test(file)).map(file => bring(file, have)))}`,
)
// What only some sites or moments load: a search on a server, gaps of a translation, a journal that is on, signs of
// trouble on a page, sentences for what a developer got wrong. What a step above brings is counted there.
let others = 0
for (const file of files.filter(file => !have.has(file))) {
  const size = bring(file, have)
  console.log(`  on none of these paths: ${String(size).padStart(6)} ${file}`)
  others += size
}
if (others > OTHERS_CEILING) {
  isOver = true
  console.log(`other-chunks-br: ABOVE ITS CEILING OF ${OTHERS_CEILING}`)
}

lines.push(`other-chunks-br: ${others}`)
lines.push(`flow-br: ${flow}`)
// Fetched beside the first list, which does not wait for it; with the masks, which a person needs too.
lines.push(`page-signals-br: ${bring('pageSignals', new Set())}`)

const help = 'dist/demo/help'
if (existsSync(help)) {
  const size = file => br(readFileSync(file))
  const manifest = JSON.parse(readFileSync(join(help, 'manifest.json'), 'utf8'))
  lines.push(`index-br: ${size(join(help, manifest.locales[0].index))}`)
  if (manifest.flows) lines.push(`flows-br: ${size(join(help, manifest.flows))}`)
  if (manifest.model) lines.push(`model-br: ${size(join(help, manifest.model))}`)
  const articles = readdirSync(join(help, 'articles')).map(file => size(join(help, 'articles', file)))
  lines.push(`article-br: ${articles.sort((a, b) => a - b)[Math.floor(articles.length / 2)]}`)
}
if (existsSync('demo/asklet.json')) lines.push(`config-br: ${br(readFileSync('demo/asklet.json'))}`)
const maps = readdirSync(folder).filter(file => file.endsWith('.map'))
console.log(
  `${maps.length} source maps, ${Math.round(maps.reduce((all, file) => all + statSync(join(folder, file)).size, 0) / 1000)} kB, fetched by nobody but a debugger`,
)
console.log(lines.join('\n'))
process.exit(isOver ? 1 : 0)
