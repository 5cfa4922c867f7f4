// Each look at a page with a fault of its kind, and at one without: a look that finds nothing in the first, or something
// in the second, is none.

import type { Browser } from 'playwright-core'
import type { Looks } from './inPage'

type Look = Exclude<keyof Looks, 'stops' | 'focus' | 'startWalk'>
const STYLE = 'body{margin:20px;background:#fff;color:#111;font:16px sans-serif}'
const CASES: readonly (readonly [look: Look, bad: string, good: string])[] = [
  [
    'targets',
    '<button style="all:unset;display:inline-block;width:12px;height:12px">a</button><button style="all:unset;display:inline-block;width:12px;height:12px">b</button>',
    '<button style="width:24px;height:24px">a</button> <p>text with <a href="#">a link</a> in it</p>',
  ],
  [
    'cut',
    '<div style="width:60px;overflow:hidden;white-space:nowrap">words that are too long for it</div>',
    '<div style="width:60px">words that are too long</div>',
  ],
  [
    'cut',
    '<div style="width:60px">Donaudampfschifffahrtsgesellschaft</div>',
    '<div style="width:60px;text-overflow:ellipsis;white-space:nowrap;overflow:hidden">Donaudampfschifffahrt</div>',
  ],
  [
    'cut',
    '<div style="width:60px;height:20px">words on more lines than there is room for</div>',
    '<pre style="width:60px;overflow:auto" tabindex="0">a line that can be scrolled</pre>',
  ],
  [
    'cut',
    '<input style="width:60px" aria-label="a" placeholder="more than it can show">',
    '<input style="width:200px" aria-label="a" placeholder="no more than that">',
  ],
  [
    'cut',
    '<button style="all:unset;display:block;width:60px;overflow-wrap:anywhere">Preferences</button>',
    '<button style="all:unset;display:block;width:100px;overflow-wrap:anywhere">All preferences</button>',
  ],
  [
    'cutWithSpacing',
    '<div style="width:100px;height:20px;overflow:hidden;line-height:20px">just enough</div>',
    '<div style="width:200px;min-height:20px;overflow:hidden">just enough</div>',
  ],
  [
    'shapes',
    '<input aria-label="a" style="border:1px solid #ddd;background:#fff;outline:0">',
    '<input aria-label="a" style="border:1px solid #666;background:#fff">',
  ],
  ['contrast', '<p style="color:#999">grey</p>', '<p style="color:#555">grey</p>'],
  [
    'motion',
    '<style>@keyframes m{to{transform:translateX(9px)}}</style><p style="animation:m 9s infinite">moves</p>',
    '<style>@keyframes m{to{opacity:.9}}</style><p style="animation:m 9s infinite">fades</p>',
  ],
  [
    'forced',
    '<div><span role="tab" aria-selected="true">a</span><span role="tab" aria-selected="false">b</span></div>',
    '<div><span role="tab" aria-selected="true" style="border:1px solid">a</span><span role="tab" aria-selected="false">b</span></div>',
  ],
  [
    'messages',
    '<div data-author="bot"><p>words</p></div>',
    '<ol><li data-author="bot"><div class="author">Help</div><p>words</p></li></ol>',
  ],
  [
    'purposes',
    '<input type="email" aria-label="a">',
    '<input type="email" autocomplete="email" aria-label="a">',
  ],
]

export async function selfTest(browser: Browser, inPage: string): Promise<boolean> {
  const context = await browser.newContext({ viewport: { width: 400, height: 400 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  let isGood = true
  const expect = (name: string, isSo: boolean, got: unknown) => {
    isGood &&= isSo
    console.log(`${isSo ? 'ok   ' : 'WRONG'}  ${name}${isSo ? '' : `: ${JSON.stringify(got)}`}`)
  }
  const show = async (html: string, lang = 'lang="en"') => {
    await page.goto('about:blank')
    await page.setContent(`<!doctype html><html ${lang}><style>${STYLE}</style><body>${html}`)
    await page.evaluate(inPage)
  }
  for (const [look, bad, good] of CASES) {
    await show(bad)
    const found = await page.evaluate(name => window.askletLooks[name]('en'), look)
    expect(`${look} finds its fault`, found.length > 0, found)
    await show(good)
    const none = await page.evaluate(name => window.askletLooks[name]('en'), look)
    expect(`${look} finds nothing where nothing is`, none.length === 0, none)
  }
  await show('<p>words</p>', '')
  const nameless = await page.evaluate(() => window.askletLooks.language('en'))
  expect('language finds its fault', nameless.length > 0, nameless)

  await show('<button style="outline:0">a</button><button>b</button>')
  await page.evaluate(() => window.askletLooks.startWalk())
  for (let n = 0; n < 2; n++) {
    await page.keyboard.press('Tab')
    await page.evaluate(() => window.askletLooks.focus())
  }
  await page.keyboard.press('Tab')
  const unmarked = await page.evaluate(() => window.askletLooks.unmarked())
  expect('a control without a mark of the keyboard is found', unmarked.length === 1, unmarked)
  await show('<button>a</button><div style="position:fixed;inset:0;background:#fff"></div>')
  await page.keyboard.press('Tab')
  const covered = await page.evaluate(() => window.askletLooks.focus())
  expect('a covered control is found', covered.isObscured, covered)
  await context.close()
  return isGood
}
