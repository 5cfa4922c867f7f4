// The languages: which keys each has, and which texts do not fit where they stand. The latter is measured in every
// state of the gallery, in every language, as wide as a small phone; `--keys` leaves it out, `--locales=de,ar` and
// `--states=a,b` take some; `--quick` takes the language with the longest words and one that runs from right to left.
// Exits 1 where anything is missing or runs over.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { findChromium } from './chromium.mjs'

const root = resolve(import.meta.dirname, '..')
const PAGES = 2 * availableParallelism()
const asked = name =>
  process.argv
    .find(each => each.startsWith(`--${name}=`))
    ?.split('=')[1]
    ?.split(',')
const read = path => JSON.parse(readFileSync(join(root, path), 'utf8'))
const folder = 'src/assistant/texts'
const others = readdirSync(join(root, folder))
  .filter(name => /^(?!en)[a-z]{2}\.json$/.test(name))
  .map(name => name.slice(0, 2))
const locales = ['en', ...others]

const alone = read(`${folder}/alone.en.json`)
const english = {
  assistant: [
    ...['en', 'conversation.en', 'model.en', 'offers.en'].flatMap(name =>
      Object.keys(read(`${folder}/${name}.json`)),
    ),
    ...Object.keys(alone).map(key => `alone:${key}`),
    ...readdirSync(join(root, 'src/ui'))
      .filter(name => name.endsWith('.en.json'))
      .flatMap(name => Object.keys(read(`src/ui/${name}`))),
  ],
  desk: [...Object.keys(read('src/desk/texts/en.json')), ...Object.keys(read('src/ui/files.en.json'))],
}
let missing = 0
for (const [room, keys] of Object.entries(english))
  for (const locale of others) {
    const path = `src/${room}/texts/${locale}.json`
    const texts = existsSync(join(root, path)) ? read(path) : {}
    const lacks = keys.filter(key => !Object.hasOwn(texts, key))
    missing += lacks.length
    console.log(`${room.padEnd(10)} ${locale}  ${Object.keys(texts).length} of ${keys.length} keys`)
    for (const key of lacks) console.log(`  missing: ${key}`)
  }

/** In the page: texts that stand out of the box that is theirs. Cut with dots on purpose is no accident. */
function overflowing() {
  const found = []
  const isCut = element => {
    const { textOverflow, webkitLineClamp } = getComputedStyle(element)
    return textOverflow === 'ellipsis' || webkitLineClamp !== 'none'
  }
  const look = tree => {
    for (const element of tree.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot)
      if (!element.checkVisibility?.({ visibilityProperty: true })) continue
      for (const node of element.childNodes) {
        if (node.nodeType !== 3 || !node.data.trim()) continue
        let box = element
        let cut = isCut(box)
        while (
          box.parentElement &&
          getComputedStyle(box).display.startsWith('inline') &&
          box.tagName !== 'BUTTON'
        ) {
          box = box.parentElement
          cut ||= isCut(box)
        }
        // Read by screen readers alone: one pixel wide on purpose.
        const place = box.getBoundingClientRect()
        if (cut || place.width <= 1 || place.height <= 1 || box.closest('.sr,[aria-hidden=true]')) continue
        const range = document.createRange()
        const overBy = () => {
          const { left, right, width } = range.getBoundingClientRect()
          return width && Math.max(right - Math.min(place.right, innerWidth), Math.max(place.left, 0) - left)
        }
        range.selectNodeContents(node)
        let over = overBy()
        // By the word: a space at the end of a line hangs over where line breaks are kept, and nobody sees it.
        if (over > 1) {
          over = 0
          for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
            range.setStart(node, index)
            range.setEnd(node, index + word.length)
            over = Math.max(over, overBy())
          }
        }
        // Within something that scrolls sideways, a table or code, it can be reached.
        const scrolls = box.closest('pre,table,.scroll-x')
        if (over > 1 && !scrolls) found.push(`${Math.round(over)} px: ${node.data.trim().slice(0, 60)}`)
      }
    }
  }
  look(document)
  return found
}

let overflows = 0
let hasFailed = false
if (!process.argv.includes('--keys')) {
  const { bundleStates, openState, serveFolder } = await import('./states.mjs')
  const out = join(root, 'dist/i18n-states')
  const states = await bundleStates(root, out)
  const served = await serveFolder(out)
  const { chromium } = await import('playwright-core')
  const { path } = await findChromium()
  const { CHROMIUM_ARGS } = await import('./chromium.mjs')
  const browser = await chromium.launch({ executablePath: path, args: CHROMIUM_ARGS })
  const wanted = asked('states')
  const chosen = asked('locales') ?? (process.argv.includes('--quick') ? ['de', 'ar'] : locales)
  const rest = chosen.flatMap(locale =>
    states.filter(({ id }) => !wanted || wanted.includes(id)).map(({ id }) => ({ locale, id })),
  )
  // A page waits more than it works: for its frames, and for what moves to stand still.
  const look = async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
    for (let next = rest.shift(); next; next = rest.shift()) {
      const { locale, id } = next
      try {
        await openState(page, served.address, id, { locale })
        const found = await page.evaluate(overflowing)
        overflows += found.length
        for (const line of found) console.log(`overflow  ${locale}  ${id}: ${line}`)
      } catch (error) {
        hasFailed = true
        console.log(`failed    ${locale}  ${id}: ${error.message.split('\n')[0]}`)
      }
    }
    await page.close()
  }
  await Promise.all(Array.from({ length: PAGES }, look))
  await browser.close()
  served.close()
}
console.log(`keys: ${english.assistant.length + english.desk.length}`)
console.log(`locales: ${locales.length}`)
console.log(`missing-texts: ${missing}`)
if (!process.argv.includes('--keys')) console.log(`overflows: ${overflows}`)
if (missing || overflows || hasFailed) process.exit(1)
