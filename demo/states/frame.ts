// One state filling the viewport, as the address asks for it:
// `frame.html?state=<id>&theme=light|dark|auto&locale=en&dir=ltr|rtl&density=…&accent=…`.
// Says that it stands by `data-state` on the document's element, and that it cannot by `data-failed`, in the page and in
// the console. Shown inside the gallery it takes no focus: a hundred frames would fight for it.

import { directionOf } from '../../src/base/locales'
import { bring } from './bring'
import { stateOf } from './catalogue'
import { stopTheClock } from './script/time'
import { wordsOf } from './script/words'

stopTheClock()
const { documentElement } = document
const asked = new URLSearchParams(location.search)
const id = asked.get('state') ?? ''
const theme = (['light', 'dark'] as const).find(each => each === asked.get('theme')) ?? 'auto'
const locale = asked.get('locale') || 'en'
const dir = asked.get('dir') === 'rtl' || (!asked.has('dir') && directionOf(locale) === 'rtl') ? 'rtl' : 'ltr'
const surface = stateOf(id)?.surface ?? 'panel'

documentElement.lang = locale
documentElement.dir = dir
documentElement.dataset.theme = theme
documentElement.dataset.surface = surface
document.title = stateOf(id)?.title ?? id
if (window.parent !== window) HTMLElement.prototype.focus = () => {}

try {
  const words = await wordsOf(surface === 'desk' ? 'desk' : 'visitor', locale)
  await bring(document, id, {
    theme,
    locale,
    dir,
    density: asked.get('density') ?? undefined,
    accent: asked.get('accent') ?? undefined,
    words,
  })
  documentElement.dataset.state = id
} catch (error) {
  const sentence = `The state “${id}” cannot be reached: ${error instanceof Error ? error.message : error}`
  documentElement.dataset.failed = sentence
  const said = document.createElement('p')
  said.className = 'failed'
  said.setAttribute('role', 'alert')
  said.textContent = sentence
  document.body.append(said)
  console.error(sentence)
}
