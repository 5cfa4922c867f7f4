// The least that a launcher can be: a button in a shadow root that imports the rest when a visitor turns to it.

import type * as Panel from './panel'

const script = document.currentScript as HTMLScriptElement
const element = document.createElement('floor-root')
const root = element.attachShadow({ mode: 'open' })
const sheet = new CSSStyleSheet()
sheet.replaceSync(
  'button{position:fixed;right:20px;bottom:20px;padding:16px 20px;border:0;border-radius:26px;background:#3b4cca;color:#fff;font:500 15px system-ui}',
)
root.adoptedStyleSheets = [sheet]
const button = document.createElement('button')
button.textContent = 'Help'
root.append(button)
document.documentElement.append(element)

const load = (): Promise<typeof Panel> => import(new URL('panel.js', script.src).href)
for (const intent of ['pointerenter', 'focus'])
  button.addEventListener(intent, () => void load(), { once: true })
button.addEventListener('click', async () => (await load()).open(root))
