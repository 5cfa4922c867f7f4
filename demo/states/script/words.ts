// The words of a locale, as the build lays them beside the frame. English is in the bundles.

import type { TextMap } from '../../../src/base/texts'

/** Empty where there are none: English stands in. */
export async function wordsOf(side: 'visitor' | 'desk', locale: string): Promise<TextMap> {
  if (/^en\b/.test(locale)) return {}
  for (const name of [locale, locale.split('-')[0]]) {
    const answer = await fetch(new URL(`texts/${side}/${name}.json`, document.baseURI))
    if (answer.ok) return (await answer.json()) as TextMap
  }
  console.warn(`There are no words of “${locale}” for the ${side}’s side; English stands in.`)
  return {}
}
