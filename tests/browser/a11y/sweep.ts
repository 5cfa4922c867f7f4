// One state at one setting, looked at from all sides. Owns what is looked at where; what a look is stands in `inPage`.

import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import type { State } from '../../../demo/states/catalogue'
import type { Check } from './criteria'

export const SIZES = {
  /** 1280 px at 400 %. */
  small: { width: 320, height: 568 },
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1280, height: 800 },
} as const
export type Size = keyof typeof SIZES
export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface Setting {
  readonly size: Size
  readonly theme: Theme
  readonly locale: string
  readonly accent?: string
  readonly forced?: boolean
  /** Tab goes all the way through. */
  readonly walk?: boolean
  readonly spacing?: boolean
}

export interface Finding {
  readonly check: Check | 'reached' | 'trap'
  readonly state: string
  readonly setting: Setting
  readonly what: string
}

export interface Sweep {
  look(state: State, setting: Setting): Promise<readonly Finding[]>
  readonly looked: ReadonlyMap<Check, number>
  close(): Promise<void>
}

/** Rules about a whole page, where the assistant is a guest: a frame of the gallery has no page around it. */
const OF_THE_PAGE = ['region', 'page-has-heading-one', 'landmark-one-main', 'bypass']
/** Stops of the keyboard that no state comes near. */
const MAX_STOPS = 120

export function createSweep(
  open: (setting: Setting) => Promise<BrowserContext>,
  address: string,
  inPage: string,
): Sweep {
  const looked = new Map<Check, number>()
  const pages = new Map<string, Promise<Page>>()
  const pageFor = (setting: Setting) => {
    const key = [setting.size, setting.theme, setting.forced].join()
    let page = pages.get(key)
    if (!page) {
      page = open(setting).then(context => context.newPage())
      pages.set(key, page)
    }
    return page
  }
  return {
    looked,
    async look(state, setting) {
      const page = await pageFor(setting)
      const found: Finding[] = []
      const say = (check: Finding['check'], wrong: readonly string[]) => {
        if (check !== 'reached' && check !== 'trap') looked.set(check, (looked.get(check) ?? 0) + 1)
        for (const what of wrong) found.push({ check, state: state.id, setting, what })
      }
      try {
        await show(page, address, state, setting)
      } catch (error) {
        say('reached', [String((error as Error).message).split('\n')[0] ?? ''])
        return found
      }
      await page.evaluate(inPage)
      if (setting.forced) {
        say('forced', await page.evaluate(() => window.askletLooks.forced()))
        return found
      }
      if (setting.accent) {
        say('accents', await page.evaluate(() => window.askletLooks.contrast()))
        return found
      }
      say('axe', await brokenRules(page, state))
      say('contrast', await page.evaluate(() => window.askletLooks.contrast()))
      say('reflow', await page.evaluate(() => window.askletLooks.cut()))
      say('targets', await page.evaluate(() => window.askletLooks.targets()))
      say('language', await page.evaluate(locale => window.askletLooks.language(locale), setting.locale))
      say('motion', await page.evaluate(() => window.askletLooks.motion()))
      say('shapes', await page.evaluate(() => window.askletLooks.shapes()))
      say('messages', await page.evaluate(() => window.askletLooks.messages()))
      say('purposes', await page.evaluate(() => window.askletLooks.purposes()))
      if (setting.spacing) say('spacing', await page.evaluate(() => window.askletLooks.cutWithSpacing()))
      if (setting.walk) {
        const { wrong, traps } = await walk(page)
        say('walk', wrong)
        say('trap', traps)
      }
      return found
    },
    async close() {
      for (const page of pages.values()) await (await page).context().close()
    },
  }
}

/** Until the state stands. */
export async function show(page: Page, address: string, state: State, setting: Setting): Promise<void> {
  const { theme, locale, accent } = setting
  const query = new URLSearchParams({ state: state.id, theme, locale, ...(accent && { accent }) })
  await page.goto(`${address}?${query}`)
  await page.waitForFunction(
    id => document.documentElement.dataset.state === id || document.documentElement.dataset.failed,
    state.id,
    { timeout: 15_000 },
  )
  const failed = await page.evaluate(() => document.documentElement.dataset.failed)
  if (failed) throw new Error(failed)
}

async function brokenRules(page: Page, { surface }: State): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const off = surface === 'desk' ? [] : OF_THE_PAGE
  return page.evaluate(async off => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      rules: Object.fromEntries(off.map(id => [id, { enabled: false }])),
    })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(' | ')}`,
    )
  }, off)
}

/** Tab from where the state stands, until it has been everywhere. */
async function walk(page: Page): Promise<{ wrong: readonly string[]; traps: readonly string[] }> {
  const wrong: string[] = []
  const traps: string[] = []
  const wanted = await page.evaluate(() => {
    const stops = window.askletLooks.stops()
    window.askletLooks.startWalk()
    return stops
  })
  const been = new Set<number>()
  let before = -1
  let times = 0
  for (let n = 0; n < MAX_STOPS; n++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => window.askletLooks.focus())
    if (at.isInPage && at.id === before) {
      traps.push(`Tab does not leave ${at.name}`)
      break
    }
    before = at.id
    if (at.isObscured) wrong.push(`${at.name} has the keyboard and cannot be seen`)
    if (at.isInPage && been.has(at.id) && ++times > 1) break
    been.add(at.id)
  }
  for (const { id, name } of wanted) if (!been.has(id)) wrong.push(`Tab never comes to ${name}`)
  for (const name of await page.evaluate(() => window.askletLooks.unmarked()))
    wrong.push(`${name} does not show that it has the keyboard`)
  return { wrong: [...new Set(wrong)], traps }
}
