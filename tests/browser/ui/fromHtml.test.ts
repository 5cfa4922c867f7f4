// A host's HTML through the real DOMPurify in a real browser.

import { expect, test } from 'vitest'
import { createHtmlPurifier, fromHtml } from '../../../src/knowledge/fromHtml'

const purifier = createHtmlPurifier(window)
const read = (html: string) => fromHtml(html, purifier)

test('what an article holds becomes the same tree as from Markdown', () => {
  expect(
    read(
      '<h1 id="x">Pay</h1><p class="y">Open <b>Billing</b>,<br>then <a href="https://a.example/" onclick="x()">this</a>.</p>' +
        '<ol start="3"><li>one<li><p>two</p><ul><li>in</ul></ol><pre>a\n  b</pre>' +
        '<table><thead><tr><th>h</thead><tbody><tr><td>1</table>',
    ),
  ).toEqual([
    { t: 'h', n: 2, id: 'pay', c: ['Pay'] },
    {
      t: 'p',
      c: [
        'Open ',
        { t: 'b', c: ['Billing'] },
        ',',
        { t: 'br' },
        'then ',
        { t: 'a', href: 'https://a.example/', c: ['this'] },
        '.',
      ],
    },
    {
      t: 'ol',
      start: 3,
      c: [
        [{ t: 'p', c: ['one'] }],
        [
          { t: 'p', c: ['two'] },
          { t: 'ul', c: [[{ t: 'p', c: ['in'] }]] },
        ],
      ],
    },
    { t: 'pre', x: 'a\n  b' },
    { t: 'table', head: [['h']], rows: [[['1']]] },
  ])
})

test('nothing of an attack is left but its words, nothing runs and nothing is requested', async () => {
  const seen: string[] = []
  const watch = new PerformanceObserver(list => seen.push(...list.getEntries().map(({ name }) => name)))
  watch.observe({ type: 'resource' })
  const hostile = [
    '<img src="/never-asked-for.png" onerror="window.hit=1">',
    '<svg><script>window.hit=1</script></svg>',
    '<form action="https://evil.example"><input name="x" value="y"><button>Send</button></form>',
    '<a href="javascript:window.hit=1">a</a><a href="java\tscript:window.hit=1">b</a>',
    '<style>@import "/never-asked-for.css"</style><link rel="stylesheet" href="/never-asked-for.css">',
    '<iframe src="/never-asked-for.html" srcdoc="<script>parent.hit=1</script>"></iframe>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hit=1&gt;">',
    '<video src="/never-asked-for.mp4" autoplay></video><object data="/never-asked-for.swf"></object>',
  ]
  for (const html of hostile) {
    const tree = JSON.stringify(read(html))
    expect(tree).not.toMatch(/javascript|onerror|never-asked|"t":"(?:a|img)"/)
  }
  await new Promise(done => setTimeout(done, 50))
  watch.disconnect()
  expect(seen.filter(name => name.includes('never-asked-for'))).toEqual([])
  expect('hit' in window).toBe(false)
})

test('without a DOM to clean in there is no tree', () => {
  expect(fromHtml('<p>x</p>', { isSupported: false, sanitize: () => document.body })).toEqual([])
})

test('where the policy of the page forbids to parse, the article is read without a DOM', () => {
  const forbidden = { isSupported: true, sanitize: () => null }
  expect(
    fromHtml('<h2>Pay</h2><p onclick="x()">Open <b>Billing</b>.<script>alert(1)</script></p>', forbidden),
  ).toEqual([
    { t: 'h', n: 2, id: 'pay', c: ['Pay'] },
    { t: 'p', c: ['Open ', { t: 'b', c: ['Billing'] }, '.'] },
  ])
})

test('more tags than a page of help has are read without a DOM, at once', () => {
  const before = performance.now()
  expect(read(`${'<div>'.repeat(20_000)}words`)).toEqual([{ t: 'p', c: ['words'] }])
  expect(performance.now() - before).toBeLessThan(400)
})
