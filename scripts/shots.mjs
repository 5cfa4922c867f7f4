// `npm run shots`: every state of the gallery as a picture, in a folder that a person opens, and what has changed since
// the set that was accepted last.
//
//   npm run shots                                  all states, phone (and tablet for the desk) and desktop, light and dark
//   npm run shots -- --states home,desk-queue      these alone; an id may end with *
//   npm run shots -- --locale ar --sizes 320       in another language, at another size (a name, or a width)
//   npm run shots -- --accept                      the pictures now are the accepted set
//   npm run shots -- --against v0.1.0              the accepted set is what that commit shows, taken here and now
//
// Pictures are compared by pixel, and only with those of the same machine: fonts differ. `--against` is for all others.
// Closes with `name: value` lines, and 1 when something has changed or a state could not be reached.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pixelmatch from 'pixelmatch'
import { chromium } from 'playwright-core'
import { PNG } from 'pngjs'
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs'
import { bundleStates, openState, serveFolder } from './states.mjs'

const SIZES = {
  320: { width: 320, height: 640 },
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1_180 },
  desktop: { width: 1_280, height: 800 },
}
/** What a phone shows of the visitor's side a tablet shows as a desktop does. */
const SIZES_OF = {
  launcher: ['phone', 'desktop'],
  panel: ['phone', 'desktop'],
  desk: ['phone', 'tablet', 'desktop'],
}
/** Share of a pixel's colour that may differ: what smooths an edge is no change. */
const THRESHOLD = 0.1
/** One letter set at another fraction of a pixel is fewer; a mark of eight by eight is more. */
const LEAST_PIXELS = 40
/** A frame that took longer stands on a machine that is busy with something else. */
const TRIES = 2

const { values: options } = parseArgs({
  options: {
    states: { type: 'string' },
    sizes: { type: 'string' },
    themes: { type: 'string', default: 'light,dark' },
    locale: { type: 'string', default: 'en' },
    accept: { type: 'boolean', default: false },
    against: { type: 'string' },
    pages: { type: 'string' },
  },
})
const folder = resolve('shots')
const [now, accepted, difference] = ['now', 'accepted', 'difference'].map(name => join(folder, name))
const started = performance.now()

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main() {
  const browser = await chromium.launch({ executablePath: (await findChromium()).path, args: CHROMIUM_ARGS })
  try {
    if (options.against) await takeThose(browser, options.against)
    const { states, pictures, failures } = await take(browser, resolve('.'), now)
    for (const failure of failures) console.error(failure)
    const compared = compare(pictures)
    writeFileSync(join(now, 'pictures.json'), JSON.stringify(compared, null, 1))
    writeFileSync(join(now, 'index.html'), page(compared))
    await sheets(browser, compared)
    if (options.accept && !failures.length) {
      for (const { file } of compared) {
        mkdirSync(accepted, { recursive: true })
        cpSync(join(now, file), join(accepted, file))
      }
    }
    const changed = compared.filter(({ change }) => change === 'changed')
    const fresh = compared.filter(({ change }) => change === 'new').length
    for (const { file, pixels } of changed) console.log(`changed  ${file}  ${pixels} pixels`)
    if (fresh && !options.accept)
      console.log(
        `${fresh} pictures have none to be compared with: --accept keeps these, --against <commit> takes those.`,
      )
    console.log(`open ${join(now, 'index.html')}`)
    console.log(`seconds: ${Math.round((performance.now() - started) / 1000)}`)
    console.log(`states: ${states}`)
    console.log(`pictures: ${pictures.length}`)
    console.log(`changed: ${changed.length}`)
    return failures.length || (changed.length && !options.accept) ? 1 : 0
  } finally {
    await browser.close()
  }
}

/** The pictures of another commit, as the accepted set. */
async function takeThose(browser, commit) {
  const tree = mkdtempSync(join(tmpdir(), 'asklet-shots-'))
  const git = (...args) => {
    const { status, stderr } = spawnSync('git', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`git ${args[0]} ${commit} failed: ${stderr.trim()}`)
  }
  git('worktree', 'add', '--detach', '--force', tree, commit)
  try {
    symlinkSync(resolve('node_modules'), join(tree, 'node_modules'))
    rmSync(accepted, { recursive: true, force: true })
    const { failures } = await take(browser, tree, accepted)
    for (const failure of failures) console.error(`${commit}: ${failure}`)
  } finally {
    git('worktree', 'remove', '--force', tree)
  }
}

/** Takes the wanted pictures of the working tree at `root` into the folder `into`. */
async function take(browser, root, into) {
  const out = mkdtempSync(join(tmpdir(), 'asklet-states-'))
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  let server
  try {
    const all = await bundleStates(root, out)
    const states = all.filter(({ id }) => isWanted(id))
    if (!states.length) throw new Error(`--states must name states of the catalogue, got ${options.states}.`)
    server = await serveFolder(out)
    const jobs = states.flatMap(state => sizesOf(state).map(size => ({ state, size })))
    const themes = options.themes.split(',')
    const pictures = []
    const failures = []
    const rest = jobs.slice().reverse()
    const work = async () => {
      let context
      let page
      for (let job = rest.pop(); job; job = rest.pop()) {
        const { state, size } = job
        const viewport = viewportOf(size)
        if (!page) {
          context = await browser.newContext({
            viewport,
            reducedMotion: 'reduce',
            timezoneId: 'UTC',
            locale: 'en-GB',
          })
          page = await context.newPage()
        }
        for (let tries = 1; ; tries++) {
          try {
            await page.setViewportSize(viewport)
            await page.emulateMedia({ colorScheme: themes[0], reducedMotion: 'reduce' })
            await openState(page, server.address, state.id, { theme: 'auto', locale: options.locale })
            for (const theme of themes) {
              const language = options.locale === 'en' ? '' : `-${options.locale}`
              const file = `${state.id}-${size}-${theme}${language}.png`
              // It follows the page's colour scheme, as most sites let it: both come of one load.
              await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
              await page.screenshot({ path: join(into, file), animations: 'disabled', caret: 'hide' })
              pictures.push({ ...state, size, theme, file, ...viewport })
            }
            break
          } catch (error) {
            if (tries < TRIES) continue
            failures.push(`${state.id}, ${size}: ${error instanceof Error ? error.message : error}`)
            break
          }
        }
      }
      await context?.close()
    }
    const pages = Number(options.pages) || Math.min(4, Math.max(2, availableParallelism()))
    await Promise.all(Array.from({ length: pages }, work))
    const order = new Map(jobs.map(({ state, size }, index) => [`${state.id} ${size}`, index]))
    const place = ({ id, size, theme }) => order.get(`${id} ${size}`) * themes.length + themes.indexOf(theme)
    return { states: states.length, pictures: pictures.sort((a, b) => place(a) - place(b)), failures }
  } finally {
    server?.close()
    rmSync(out, { recursive: true, force: true })
  }
}

function isWanted(id) {
  if (!options.states) return true
  return options.states
    .split(',')
    .some(each => (each.endsWith('*') ? id.startsWith(each.slice(0, -1)) : id === each))
}

function sizesOf({ surface }) {
  return options.sizes ? options.sizes.split(',') : SIZES_OF[surface]
}

function viewportOf(size) {
  if (SIZES[size]) return SIZES[size]
  const [width, height = 800] = size.split('x').map(Number)
  if (!(width >= 200))
    throw new Error(`--sizes must be ${Object.keys(SIZES).join(', ')} or a width, got ${size}.`)
  return { width, height }
}

/** What changed since the accepted set, with a picture of the difference. */
function compare(pictures) {
  rmSync(difference, { recursive: true, force: true })
  return pictures.map(picture => {
    const { file } = picture
    if (!existsSync(join(accepted, file))) return { ...picture, change: 'new', pixels: 0 }
    const bytes = [now, accepted].map(each => readFileSync(join(each, file)))
    if (bytes[0].equals(bytes[1])) return { ...picture, change: 'none', pixels: 0 }
    const [after, before] = bytes.map(each => PNG.sync.read(each))
    const { width, height } = after
    if (before.width !== width || before.height !== height)
      return { ...picture, change: 'changed', pixels: width * height }
    const shown = new PNG({ width, height })
    const pixels = pixelmatch(before.data, after.data, shown.data, width, height, { threshold: THRESHOLD })
    if (pixels < LEAST_PIXELS) return { ...picture, change: 'none', pixels }
    mkdirSync(difference, { recursive: true })
    writeFileSync(join(difference, file), PNG.sync.write(shown))
    return { ...picture, change: 'changed', pixels }
  })
}

/** A sheet for each size and theme, with all its pictures small: the whole of it at one look. */
async function sheets(browser, pictures) {
  const server = await serveFolder(folder, "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'")
  const page = await browser.newPage({ viewport: { width: 2_000, height: 1_000 } })
  try {
    const kinds = new Map()
    for (const picture of pictures) {
      const side = picture.surface === 'desk' ? 'desk' : 'panel'
      const kind = `${side}-${picture.size}-${picture.theme}`
      kinds.set(kind, [...(kinds.get(kind) ?? []), picture])
    }
    for (const [kind, shown] of kinds) {
      const name = join(now, `sheet-${kind}.html`)
      const width = shown[0].width > 700 ? 480 : 240
      writeFileSync(
        name,
        `<!doctype html><meta charset="utf-8"><style>body{margin:16px;background:#8883;font:13px system-ui}div{display:grid;grid-template-columns:repeat(auto-fill,${width}px);gap:16px}figure{margin:0}img{width:100%;display:block;border:1px solid #8886}</style><div>${shown
          .map(({ id, file }) => `<figure><img src="${file}" alt=""><figcaption>${id}</figcaption></figure>`)
          .join('')}</div>`,
      )
      await page.goto(`${server.address}now/sheet-${kind}.html`, { waitUntil: 'load' })
      await page.screenshot({ path: join(now, `sheet-${kind}.png`), fullPage: true })
      rmSync(name)
    }
  } finally {
    await page.close()
    server.close()
  }
}

/** The page that a person opens: all of it in one file, from the disk. */
function page(pictures) {
  const data = JSON.stringify(pictures).replaceAll('<', '\\u003c')
  return readFileSync(new URL('shots.html', import.meta.url), 'utf8').replace('"PICTURES"', () => data)
}
