// `npm run i18n`: which texts each language has, which nobody asks for, and which do not fit where they stand. The
// latter is measured in every state of the gallery, in every language, as wide as a small phone, by the look that
// `npm run a11y` has too (`tests/browser/a11y/fits.ts`); and what a language says of itself, and which way it runs.
//
//   npm run i18n                              all of it
//   npm run i18n -- --keys                    the texts alone, without a browser
//   npm run i18n -- --quick                   the language with the longest words and one that runs from the right
//   npm run i18n -- --locales de,ar --states home,live
//   npm run i18n -- --pseudo                  also one that nobody speaks: 1.4 times as long as English, all accents
//   npm run i18n -- --width 390
//
// Closes with `name: value` lines, and 1 where anything is missing, unused, runs over or could not be reached.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs'
import { bundleLooks, bundleStates, openState, serveFolder } from './states.mjs'
import { englishTexts, unusedKeys } from './textUse.mjs'

/** English in words that are longer than those of any language. */
const PSEUDO = 'pseudo'
const root = resolve(import.meta.dirname, '..')
const { values: options } = parseArgs({
  options: {
    keys: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    pseudo: { type: 'boolean', default: false },
    locales: { type: 'string' },
    states: { type: 'string' },
    width: { type: 'string', default: '320' },
  },
})
const others = readdirSync(join(root, 'src/assistant/texts'))
  .filter(name => /^(?!en)[a-z]{2}\.json$/.test(name))
  .map(name => name.slice(0, 2))
const locales = ['en', ...others]
const chosen = options.locales?.split(',') ?? (options.quick ? ['de', 'ar'] : locales)
const unknown = chosen.filter(locale => !locales.includes(locale))
if (unknown.length) {
  console.error(`--locales must be of ${locales.join(', ')}, got ${unknown.join(', ')}.`)
  process.exit(2)
}

const english = englishTexts(root)
const wrong = { missing: 0, unused: 0, overflows: 0, language: 0, failed: 0 }
for (const [face, texts] of Object.entries(english)) {
  const keys = Object.keys(texts)
  for (const locale of others) {
    const own = JSON.parse(readFileSync(join(root, 'src', face, 'texts', `${locale}.json`), 'utf8'))
    const lacks = keys.filter(key => !Object.hasOwn(own, key))
    wrong.missing += lacks.length
    console.log(`${face.padEnd(10)} ${locale}  ${keys.length - lacks.length} of ${keys.length} texts`)
    for (const key of lacks) console.log(`  missing: ${key}`)
  }
  for (const key of unusedKeys(root, face)) {
    wrong.unused++
    console.log(`${face.padEnd(10)} unused: ${key}`)
  }
}
if (!options.keys) await lookAtStates()
console.log(`texts: ${Object.values(english).reduce((sum, texts) => sum + Object.keys(texts).length, 0)}`)
console.log(`locales: ${locales.length}`)
console.log(`missing-texts: ${wrong.missing}`)
console.log(`unused-texts: ${wrong.unused}`)
if (!options.keys) {
  console.log(`language-faults: ${wrong.language}`)
  console.log(`not-reached: ${wrong.failed}`)
  console.log(`overflows: ${wrong.overflows}`)
}
if (Object.values(wrong).some(count => count > 0)) process.exitCode = 1

/** Every wanted state in every wanted language. */
async function lookAtStates() {
  const out = join(root, 'dist', `i18n-states-${process.pid}`)
  const servers = []
  let browser
  try {
    const folder = join(out, 'states')
    const states = await bundleStates(root, folder)
    const wanted = options.states?.split(',')
    const strange = wanted?.filter(id => !states.some(state => state.id === id)) ?? []
    if (strange.length)
      throw new Error(`--states must be ids of demo/states/catalogue.ts, got ${strange.join(', ')}.`)
    const serve = async folder => {
      const server = await serveFolder(folder)
      servers.push(server)
      return server.address
    }
    const address = await serve(folder)
    const jobs = chosen.map(locale => ({ name: locale, locale, address }))
    if (options.pseudo) {
      const other = join(out, PSEUDO)
      await bundleStates(root, other, { write: pseudo })
      jobs.push({ name: PSEUDO, locale: 'en', address: await serve(other) })
    }
    await bundleLooks(root, join(out, 'looks.js'))
    const looks = readFileSync(join(out, 'looks.js'), 'utf8')
    browser = await chromium.launch({ executablePath: (await findChromium()).path, args: CHROMIUM_ARGS })
    const viewport = { width: Number(options.width), height: 640 }
    // A page waits more than it works: for its frames, and for what moves to stand still.
    const pages = await Promise.all(
      Array.from({ length: 2 * availableParallelism() }, () =>
        browser.newPage({ viewport, reducedMotion: 'reduce' }),
      ),
    )
    for (const job of jobs) {
      const begun = performance.now()
      const before = { ...wrong }
      const ids = states.map(({ id }) => id).filter(id => !wanted || wanted.includes(id))
      const count = ids.length
      const work = async page => {
        for (let id = ids.shift(); id; id = ids.shift()) await lookAt(page, looks, job, id)
      }
      await Promise.all(pages.map(work))
      const since = name => wrong[name] - before[name]
      console.log(
        `${job.name}: ${count} states, ${since('overflows')} overflows, ${since('language')} language faults, ${since('failed')} not reached, ${Math.round((performance.now() - begun) / 1000)} s`,
      )
    }
  } catch (error) {
    wrong.failed++
    console.error(error.message)
  } finally {
    await browser?.close()
    for (const server of servers) server.close()
    rmSync(out, { recursive: true, force: true })
  }
}

async function lookAt(page, looks, { name, locale, address }, id) {
  try {
    await openState(page, address, id, { locale })
    await page.evaluate(looks)
    const found = await page.evaluate(
      locale => ({ overflows: window.askletLooks.cut(), language: window.askletLooks.language(locale) }),
      locale,
    )
    for (const [kind, sentences] of Object.entries(found)) {
      wrong[kind] += sentences.length
      for (const sentence of sentences) console.log(`${kind}  ${name}  ${id}: ${sentence}`)
    }
  } catch (error) {
    wrong.failed++
    console.log(`failed  ${name}  ${id}: ${error.message.split('\n')[0]}`)
  }
}

/** The same text, longer by about two fifths, in letters of which most stand higher; `{places}` are as they were. */
function pseudo(text) {
  const long = {
    a: 'áä',
    e: 'éë',
    i: 'íï',
    o: 'óö',
    u: 'úü',
    y: 'ýÿ',
    A: 'Åä',
    E: 'Éë',
    I: 'Íï',
    O: 'Öó',
    U: 'Üú',
  }
  const words = text.replace(/\{\w+\}|[a-z]/gi, part => long[part] ?? part)
  return `[${words}]`
}
