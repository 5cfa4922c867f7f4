// What a page does to ours, and ours to a page: computed styles of our texts where a page styles everything with
// `!important`, beside a page that does not; and styles, places and attributes of a page's own elements with ours and
// without it.

import type { Browsers, SlowPage } from './browser'
import type { OwnFigure } from './figures'
import { OURS, ourTag, pageOf } from './pages'
import type { Site } from './site'

/** By what a page does to its guests. */
const STYLES: Readonly<Record<string, string>> = {
  plain: '',
  important: `
    html { font-size: 31px !important; direction: rtl; transform: translate(3px, 2px) }
    * {
      color: rgb(255, 0, 0) !important; background: #ff0 !important; opacity: 0.5 !important;
      font: italic 900 31px/3 fantasy !important; letter-spacing: 4px !important; word-spacing: 9px !important;
      text-transform: uppercase !important; text-align: right !important; text-indent: 2em !important;
      text-shadow: 1px 1px red !important; white-space: pre !important; writing-mode: vertical-rl !important;
      margin: 7px !important; padding: 7px !important; border: 3px dashed !important; float: left !important;
      display: block !important; position: static !important; box-sizing: border-box !important;
      width: 200px !important; min-height: 40px !important; max-width: 300px !important; overflow: scroll !important;
      transform: rotate(3deg) scale(1.1) !important; filter: blur(1px) !important; pointer-events: none !important;
      visibility: hidden !important; cursor: wait !important; user-select: none !important; line-break: anywhere !important;
    }`,
  unset: 'html { font-size: 40px } * { all: unset !important }',
}

/** Elements of all kinds, so that there is something to change. */
const BODY = `
  <style>main { position: relative; height: 60vh; overflow: auto } .fixed { position: fixed; inset: auto 0 0 0; z-index: 2147483647 }</style>
  <header><nav><ul><li><a href="#a">One</a></li><li><a href="#b">Two</a></li></ul></nav></header>
  <main>
    <h2 id="a">Invoices</h2><p>Some <b>words</b>, <em>others</em>, and <code>code</code>.</p>
    <table><tr><th>Number</th><th>Sum</th></tr><tr><td>1</td><td>20</td></tr></table>
    <form><label>Name <input value="x"></label><select><option>1</select><textarea>text</textarea><button type="button">Go</button></form>
    <svg width="20" height="20"><path d="M0 0h20v20z"/></svg><canvas width="30" height="10"></canvas>
    <div style="position: sticky; top: 0">Sticky</div><dialog open>Dialog</dialog><details open><summary>More</summary>Less</details>
    <div class="launcher panel row search">Names that ours uses, too</div>
  </main>
  <footer class="fixed">At the bottom</footer>`

export async function measureHost(
  browsers: Browsers,
  site: Site,
  say: (line: string) => void,
): Promise<readonly OwnFigure[]> {
  let changed = 0
  let touched = 0
  let plain: readonly Looks[] = []
  for (const [name, css] of Object.entries(STYLES)) {
    const parts = { head: `<style>${css}</style>`, body: BODY }
    // With a tag that does nothing: a page that shows its scripts shows this one, too.
    site.add(`/host-${name}`, pageOf('<script></script>', parts))
    site.add(`/host-${name}-with`, pageOf(ourTag(), parts))
    const bare = await seen(browsers, `${site.address}/host-${name}`, async slow => [
      await slow.page.evaluate(elementsOfHost),
    ])
    const guests: Looks[] = []
    const withOurs = await seen(browsers, `${site.address}/host-${name}-with`, async slow => {
      const loaded = await slow.page.evaluate(elementsOfHost)
      guests.push(await slow.page.evaluate(textsOfOurs))
      // By its function and not by a press: a page that hides all or lets nothing be pressed is looked at, too.
      await slow.page.evaluate(() =>
        (window as unknown as { Asklet(...call: unknown[]): unknown }).Asklet('search', 'fee'),
      )
      await slow.page.locator(OURS.input).waitFor({ state: 'attached' })
      await slow.quiet()
      const searched = await slow.page.evaluate(elementsOfHost)
      guests.push(await slow.page.evaluate(textsOfOurs))
      await slow.page.keyboard.press('ArrowDown')
      await slow.page.keyboard.press('Enter')
      await slow.quiet()
      guests.push(await slow.page.evaluate(textsOfOurs))
      return [loaded, searched, await slow.page.evaluate(elementsOfHost)]
    })
    const [before = {}] = bare
    const elements = new Map(withOurs.flatMap(after => differing(before, after)))
    changed += elements.size
    if (!plain.length) plain = guests
    const texts = plain.flatMap((looks, i) => differing(looks, guests[i] ?? {}))
    touched += texts.length
    say(
      `host: ${name}: ${elements.size} of ${Object.keys(before).length} elements changed, ${texts.length} of ${plain.flatMap(looks => Object.keys(looks)).length} texts touched`,
    )
    for (const [path, how] of [...elements, ...texts].slice(0, 5)) say(`host: ${name}: ${path}: ${how}`)
  }
  return [
    { name: 'host-elements-changed', unit: '', asked: { atMost: 0 }, value: changed },
    { name: 'texts-touched', unit: '', asked: { atMost: 0 }, value: touched },
  ]
}

/** By a readable path. */
type Looks = Readonly<Record<string, Readonly<Record<string, string>>>>

/** @returns paths of what is in one and not in the other or looks otherwise, each with the first difference */
function differing(before: Looks, after: Looks): (readonly [path: string, how: string])[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(path => {
    const [a = {}, b = {}] = [before[path], after[path]]
    const name = Object.keys({ ...a, ...b }).find(each => a[each] !== b[each])
    return name === undefined ? [] : [[path, `${name} ${a[name] ?? 'nothing'} | ${b[name] ?? 'nothing'}`]]
  })
}

async function seen<T>(
  browsers: Browsers,
  address: string,
  look: (slow: SlowPage) => Promise<T>,
): Promise<T> {
  const slow = await browsers.open(new URL(address).origin, { rate: 1, line: false })
  try {
    await slow.page.goto(address)
    await slow.quiet()
    return await look(slow)
  } finally {
    await slow.close()
  }
}

/** In the page: everything that is not ours. */
function elementsOfHost(): Looks {
  const found: Record<string, Record<string, string>> = {}
  const visit = (element: Element, path: string) => {
    if (element.matches('asklet-root, [data-asklet], script')) return
    const { x, y, width, height } = element.getBoundingClientRect()
    const looks: Record<string, string> = {
      place: [x, y, width, height].join(' '),
      scroll: [element.scrollWidth, element.scrollHeight, element.scrollTop].join(' '),
    }
    for (const { name, value } of element.attributes) looks[`attribute ${name}`] = value
    for (const pseudo of [null, '::before', '::after'])
      for (const name of getComputedStyle(element, pseudo))
        looks[`${name}${pseudo ?? ''}`] = getComputedStyle(element, pseudo).getPropertyValue(name)
    found[path] = looks
    const kinds: Record<string, number> = {}
    for (const child of element.children) {
      kinds[child.localName] = (kinds[child.localName] ?? 0) + 1
      visit(child, `${path} > ${child.localName}${kinds[child.localName]}`)
    }
  }
  visit(document.documentElement, 'html')
  return found
}

/** In the page: what of ours bears words, or takes them. */
function textsOfOurs(): Looks {
  const found: Record<string, Record<string, string>> = {}
  const visit = (element: Element, path: string) => {
    const hasWords = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent?.trim())
    if (hasWords || element.matches('input, textarea')) {
      const style = getComputedStyle(element)
      const looks: Record<string, string> = {}
      // Where it stands in its own box is told by its size; a page that is narrower is no touch.
      for (const name of style)
        if (!/^(?:perspective-origin|transform-origin)$/.test(name))
          looks[name] = style.getPropertyValue(name)
      found[path] = looks
    }
    for (const [i, child] of [...element.children].entries()) visit(child, `${path} > ${child.localName}${i}`)
  }
  const root = document.querySelector('asklet-root')?.shadowRoot
  for (const [i, child] of [...(root?.children ?? [])].entries()) visit(child, `${child.localName}${i}`)
  return found
}
