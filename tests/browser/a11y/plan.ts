// Which states are looked at in which settings. Pure.

import type { State } from '../../../demo/states/catalogue'
import { type Setting, type Size, THEMES } from './sweep'

export interface Job {
  readonly state: State
  readonly setting: Setting
}

/** One language a direction, and the one with the longest words. */
const LOCALES = ['en', 'ar', 'de'] as const
/** White, yellow, the brightest and darkest of each hue, grey in the middle, black. */
export const ACCENTS = [
  '#ffffff',
  '#ffe600',
  '#00ff88',
  '#ff8a00',
  '#e4002b',
  '#7f7f7f',
  '#1b2bff',
  '#3b0a45',
  '#000000',
]
/** Every kind of text that an accent colours: those states show it all. */
const COLOURED =
  /^(launcher-unread|home|results-active|article|bot-consent|live-marks|ended|desk-queue|desk-thread)$/

const sizesOf = ({ surface }: State): readonly Size[] =>
  surface === 'desk'
    ? ['small', 'tablet', 'desktop']
    : surface === 'launcher'
      ? ['small', 'desktop']
      : ['small', 'phone', 'desktop']

export function planOf(states: readonly State[], isQuick: boolean): Job[] {
  return states.flatMap((state, n) => {
    const sizes = sizesOf(state)
    const whole: Setting[] = sizes.flatMap((size, s) =>
      THEMES.flatMap(theme =>
        LOCALES.filter(locale => locale !== 'de' || size === 'small').map(locale => ({
          size,
          theme,
          locale,
          spacing: theme === 'light' && locale !== 'ar' && s !== 1,
          // Once at 400 %, once beside the page, once the other way round.
          walk: theme === 'light' && (locale === 'en' ? s !== 1 : locale === 'ar' && s === 0),
        })),
      ),
    )
    const forced: Setting = { size: sizes.at(-1) ?? 'desktop', theme: 'light', locale: 'en', forced: true }
    const coloured: readonly Setting[] = COLOURED.test(state.id)
      ? ACCENTS.flatMap(accent =>
          THEMES.map(theme => ({ size: sizes[0] ?? 'small', theme, locale: 'en', accent })),
        )
      : []
    if (!isQuick) return [...whole, forced, ...coloured].map(setting => ({ state, setting }))
    // One small window a state and a large one for every second, so that all states together have every pair of theme,
    // direction and size.
    const small = whole.filter(({ size }) => size === sizes[0])
    const large = whole.filter(({ size }) => size === sizes.at(-1))
    return [small[n % small.length], n % 2 ? undefined : large[(n / 2) % large.length]]
      .filter(setting => setting !== undefined)
      .map(setting => ({
        state,
        setting: { ...setting, walk: setting.size === sizes[0], spacing: setting.size === sizes[0] },
      }))
  })
}
