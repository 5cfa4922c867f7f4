// The design tokens as the style sheets of the faces have them, with what each is in the dark; and changed ones as CSS
// for a page. Reads the sheets that the faces ship, so that there is no second list to forget.

import deskCss from '../../src/desk/desk.css?inline'
import launcherCss from '../../src/launcher/launcher.css?inline'
import panelCss from '../../src/ui/panel.css?inline'

export type Side = 'visitor' | 'desk'
export type Theme = 'light' | 'dark'

export interface Token {
  readonly side: Side
  /** `--asklet-surface`. */
  readonly name: string
  readonly light: string
  /** The same as `light` where the dark has no word of its own. */
  readonly dark: string
}

/** Only what a site may set: a visitor's side keeps the rest to itself. */
const SIDES: Readonly<Record<Side, { readonly css: string; readonly at: RegExp; readonly named: RegExp }>> = {
  visitor: { css: launcherCss + panelCss, at: /^:host\b/, named: /^--asklet-/ },
  desk: { css: deskCss, at: /^\.asklet-desk$/, named: /^--/ },
}

export const TOKENS: readonly Token[] = (Object.keys(SIDES) as Side[]).flatMap(read)

function read(side: Side): readonly Token[] {
  const { css, at, named } = SIDES[side]
  const sheet = new CSSStyleSheet()
  // Beside `all`, an object model may say of every token that it is initial.
  sheet.replaceSync(css.replace(/\ball:\s*initial\s*(?:!important)?;?/g, ''))
  const light = new Map<string, string>()
  const dark = new Map<string, string>()
  const walk = (rules: CSSRuleList, isDark: boolean) => {
    for (const rule of rules) {
      if (rule instanceof CSSMediaRule) {
        if (rule.conditionText.includes('dark')) walk(rule.cssRules, true)
      } else if (
        rule instanceof CSSStyleRule &&
        at.test(rule.selectorText) &&
        !/\s/.test(rule.selectorText)
      ) {
        const isDarkOnly = isDark || rule.selectorText.includes('dark')
        for (const name of rule.style)
          if (named.test(name))
            (isDarkOnly ? dark : light).set(name, rule.style.getPropertyValue(name).trim())
      }
    }
  }
  walk(sheet.cssRules, false)
  return [...light].map(([name, value]) => ({ side, name, light: value, dark: dark.get(name) ?? value }))
}

/** By `keyOf`. */
export type Changes = ReadonlyMap<string, string>

/** Where the dark has the same word as the light, a change is one for both. */
export const keyOf = ({ side, name, light, dark }: Token, theme: Theme): string =>
  `${side} ${light === dark ? 'both' : theme} ${name}`

export const wordOf = (token: Token, theme: Theme, changes: Changes): string =>
  changes.get(keyOf(token, theme)) ?? token[theme]

const PLACES: Readonly<Record<Side, { readonly all: string; readonly auto: string; readonly dark: string }>> =
  {
    visitor: {
      all: 'asklet-root',
      auto: "asklet-root:not([data-theme='light'])",
      dark: "asklet-root[data-theme='dark']",
    },
    desk: {
      all: ':root .asklet-desk',
      auto: ":root .asklet-desk:not([data-theme='light'])",
      dark: ":root .asklet-desk[data-theme='dark']",
    },
  }

/** What a page writes to have it so; '' where nothing was changed. */
export function asCss(changes: Changes): string {
  const isChanged = (token: Token) =>
    (['light', 'dark'] as const).some(theme => changes.has(keyOf(token, theme)))
  return (Object.keys(PLACES) as Side[])
    .flatMap(side => {
      const changed = TOKENS.filter(token => token.side === side && isChanged(token))
      const themed = changed.filter(({ light, dark }) => light !== dark)
      if (!changed.length) return []
      const { all, auto, dark } = PLACES[side]
      const lines = (tokens: readonly Token[], theme: Theme, indent = '  ') =>
        tokens.map(token => `${indent}${token.name}: ${wordOf(token, theme, changes)};`).join('\n')
      const bright = `${all} {\n${lines(changed, 'light')}\n}`
      if (!themed.length) return [bright]
      return [
        bright,
        `@media (prefers-color-scheme: dark) {\n  ${auto} {\n${lines(themed, 'dark', '    ')}\n  }\n}`,
        `${dark} {\n${lines(themed, 'dark')}\n}`,
      ]
    })
    .join('\n')
}
