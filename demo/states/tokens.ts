// The design tokens as the style sheets of the faces have them, in the light and in the dark; and changed ones as CSS for
// a page. Reads the sheets that the faces ship, so that there is no second list to forget.

import launcherCss from '../../src/launcher/launcher.css?inline'
import tokensCss from '../../src/ui/tokens.css?inline'

export type Theme = 'light' | 'dark'

export interface Token {
  /** `--asklet-surface`. */
  readonly name: string
  readonly light: string
  /** The same as `light` where the dark has no word of its own. */
  readonly dark: string
}

/** Where tokens stand; what hangs on an attribute or a screen is not what a token is at first. */
const HOME = /^:host(?:,|$)/
/** What a site may set; steps of the spacing and the like are worked out of these. */
const NAMED = /^--asklet-/
const BOTH = /^light-dark\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)$/

export const TOKENS: readonly Token[] = read()

function read(): readonly Token[] {
  const sheet = new CSSStyleSheet()
  // Beside `all`, an object model may say of every token that it is initial.
  sheet.replaceSync((launcherCss + tokensCss).replace(/\ball:\s*initial\s*(?:!important)?;?/g, ''))
  return [...sheet.cssRules].flatMap(rule => {
    if (!(rule instanceof CSSStyleRule) || !HOME.test(rule.selectorText)) return []
    return [...rule.style]
      .filter(name => NAMED.test(name))
      .map(name => {
        const value = rule.style.getPropertyValue(name).trim()
        const [, light = value, dark = value] = BOTH.exec(value) ?? []
        return { name, light: light.trim(), dark: dark.trim() }
      })
  })
}

/** By `keyOf`. */
export type Changes = ReadonlyMap<string, string>

/** Where the dark has the same word as the light, a change is one for both. */
export const keyOf = ({ name, light, dark }: Token, theme: Theme): string =>
  `${light === dark ? 'both' : theme} ${name}`

export const wordOf = (token: Token, theme: Theme, changes: Changes): string =>
  changes.get(keyOf(token, theme)) ?? token[theme]

/** What a page writes to have it so; '' where nothing was changed. */
export function asCss(changes: Changes): string {
  const lines = TOKENS.filter(token =>
    (['light', 'dark'] as const).some(theme => changes.has(keyOf(token, theme))),
  ).map(token => {
    const [light, dark] = (['light', 'dark'] as const).map(theme => wordOf(token, theme, changes))
    return `  ${token.name}: ${light === dark ? light : `light-dark(${light}, ${dark})`};`
  })
  return lines.length ? `asklet-root, asklet-assistant, .asklet-desk {\n${lines.join('\n')}\n}` : ''
}
