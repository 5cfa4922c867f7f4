// Colours that can be read, whatever accent a site chooses. Pure: numbers in, CSS colours out.

/** sRGB channels, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** WCAG 2.2, 1.4.3: text under 24 px. */
const READABLE = 4.5
/** WCAG 2.2, 1.4.11: the shape of a control. */
const VISIBLE = 3

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
/** `--asklet-surface` and `--asklet-raised` of tokens.css, the harder one for text of each theme. */
const LIGHT_SURFACE: Rgb = [244, 245, 248]
const DARK_SURFACE: Rgb = [36, 40, 49]

/** Reads what `getComputedStyle` answers, `rgb(1, 2, 3)`; null for anything else. */
export function parseColour(css: string): Rgb | null {
  const [, r, g, b] = /^rgba?\((\d+)[, ]+(\d+)[, ]+(\d+)/.exec(css) ?? []
  return b ? [Number(r), Number(g), Number(b)] : null
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(channel => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG contrast ratio, 1 … 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** White where it can be read (brands expect it), else black: one of the two always reaches 4.5. */
export function textOn(background: Rgb): Rgb {
  return contrast(WHITE, background) >= READABLE ? WHITE : BLACK
}

/** `colour`, moved towards black or white only as far as it needs to reach `least` against `background`. */
export function readableOn(colour: Rgb, background: Rgb, least: number = READABLE): Rgb {
  const goal = contrast(WHITE, background) > contrast(BLACK, background) ? WHITE : BLACK
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map(channel => Math.round(channel + (goal[0] - channel) * share)) as unknown as Rgb
    if (contrast(mixed, background) >= least) return mixed
  }
  return goal
}

/**
 * Custom properties that panel.css reads, for both themes: `fill` (buttons, own words), `on` (text on it)
 * and `link` (accent as text on the panel).
 */
export function accentTokens(accent: Rgb): Readonly<Record<string, string>> {
  const css = (colour: Rgb) => `rgb(${colour.join(' ')})`
  const darkFill = readableOn(accent, DARK_SURFACE, VISIBLE)
  return {
    '--fill-light': css(accent),
    '--on-light': css(textOn(accent)),
    '--link-light': css(readableOn(accent, LIGHT_SURFACE)),
    '--fill-dark': css(darkFill),
    '--on-dark': css(textOn(darkFill)),
    '--link-dark': css(readableOn(accent, DARK_SURFACE)),
  }
}
