// HTML as pages have it, and as attackers write it -> Markdown of which nothing is lost without a note.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textToMarkdown } from '../../../src/cli/importers/csvTable'
import type { ContentOptions } from '../../../src/cli/importers/htmlContent'
import { htmlToMarkdown, readHtmlPage } from '../../../src/cli/importers/htmlPage'
import { rewriteAddresses } from '../../../src/cli/importers/markdownText'
import { segmentOf } from '../../../src/cli/importers/paths'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { plainText } from '../../../src/knowledge/plainText'
import { safeLink } from '../../../src/knowledge/safeLink'

function convert(html: string, anchors: readonly string[] = []) {
  const notes: string[] = []
  const options: ContentOptions = {
    anchors: new Set(anchors),
    link: href => (href.startsWith('#') ? href : safeLink(href)),
    image: safeLink,
    embed: safeLink,
    note: (kind, line, sentence) => void notes.push(`${kind}:${line}: ${sentence}`),
  }
  return { markdown: htmlToMarkdown(html, options).trimEnd(), notes, options }
}

test.each([
  ['<h2 id="own_name">A title</h2>', '## A title {#own_name}'],
  ['<h2 id="a-title">A title</h2>', '## A title'],
  ['<h2>A title <a href="#a" aria-hidden="true">#</a></h2>', '## A title'],
  ['<p>CO<sub>2</sub> and m<sup>2</sup></p>', 'CO2 and m<sup>2</sup>'],
  ['<pre><code class="language-js">a &lt; b\n\n`c`</code></pre>', '```js\na < b\n\n`c`\n```'],
  [
    '<table><tr><th>A</th></tr><tr><td>b<ul><li>c</li><li>d</li></ul></td></tr><tr><td>e|f</td></tr></table>',
    '| A |\n| - |\n| b<br>• c<br>• d |\n| e\\|f |',
  ],
  ['<table><tr><td><h2>Part</h2><p>One</p></td><td><p>Two</p></td></tr></table>', '## Part\n\nOne\n\nTwo'],
  [
    '<a href="https://a.example/x"><div><h3>Card</h3><p>Words</p></div></a>',
    '### [Card](https://a.example/x)\n\nWords',
  ],
  ['<details><summary>More</summary><p>Inside</p></details>', '**More**\n\nInside'],
  ['<div class="callout warning"><p>Mind the gap</p></div>', '> Mind the gap'],
  ['<p>2 * 3 &lt; _7_ [x] &amp;amp;</p>', '2 \\* 3 < \\_7\\_ \\[x] \\&amp;'],
  [
    '<img data-src="https://a.example/late.png" src="data:image/gif;base64,AA" alt="late">',
    '![late](https://a.example/late.png)',
  ],
  ['<ul><li><input type="checkbox" checked> done</li></ul>', '- [x] done'],
  ['<p id="here">Words</p>', 'Words'],
  ['<h2>Two <pre>lines\n![x](y)</pre></h2>', '## Two lines !\\[x]\\(y)'],
  ['<del><s>gone</s></del>', '~~gone~~'],
  ['<ul>![x](y)<li>One</li></ul>', '- !\\[x]\\(y)\n- One'],
  ['<dl><div><dt>A</dt><dd>b</dd></div>words</dl>', '- A\n\n  - b\n  - words'],
  ['<td>One<pre>two</pre>', 'One\n\n```\ntwo\n```'],
  ['<a href="https://a.example/">[x](y)</a>', '[\\[x\\] (y)](https://a.example/)'],
  ['<details><summary>A<pre>b</pre></summary>c</details>', '**A b**\n\nc'],
  ['<code></code><code>![x](y)</code><kbd>b</kbd>', '`![x](y)` `b`'],
  ['<b><p>One</p><p>Two</p></b>', 'One\n\nTwo'],
])('%s', (html, markdown) => {
  expect(convert(html).markdown).toBe(markdown)
})

test('a name that a link leads to is kept where it is no heading\u2019s', () => {
  expect(
    convert('<p id="here">Words</p><table id="t"><tr><th>A</th><th>B</th></tr></table>', ['here', 't'])
      .markdown,
  ).toBe('<a id="here"></a>Words\n\n<a id="t"></a>\n\n| A | B |\n| - | - |')
})

test('a film in the middle of a sentence does not stick to its words', () => {
  const { markdown } = convert(
    '<p>Before <iframe src="https://video.example/1" title="Film"></iframe> after.</p>',
  )
  expect(markdown).toMatch(/^Before\s+\[Film\]\(https:\/\/video\.example\/1\)\s+after\.$/)
})

test('what cannot be kept is told once an article and kind, with line and first words', () => {
  const { markdown, notes } = convert(
    '<p>Stays</p>\n<form><label>Name</label><input></form>\n<form>Second</form>\n<nav>Menu</nav>\n<button>Buy</button>\n<iframe src="https://video.example/1" title="Film"></iframe>\n<object data="movie.swf"></object>',
  )
  expect(markdown).toBe('Stays\n\n[Film](https://video.example/1)')
  expect(notes).toEqual([
    'embeds:6: <iframe> is a link to https://video.example/1',
    'left-out:7: <object> was left out: "movie.swf" cannot be a link',
    'left-out:2: 2 times, first here: <form> was left out: "Name"',
    'left-out:4: <nav> was left out: "Menu"',
    'left-out:5: <button> was left out: "Buy"',
  ])
})

test('a page in one form, as some tools write it, keeps its text', () => {
  const { markdown, notes } = convert('<form><h2>Part</h2><p>Words</p><input type="submit"></form>')
  expect(markdown).toBe('## Part\n\nWords')
  expect(notes).toContain('changed:1: <form>, of which the text was kept: "Part Words"')
})

test('title, summary and language are where pages say them', () => {
  const { options } = convert('')
  const read = (html: string) => {
    const page = readHtmlPage(html, options)
    if (typeof page === 'string') throw new Error(page)
    return page
  }
  expect(
    read(
      '<html lang=de-de><head><title>T | Shop</title><meta name=description content=" S  s "><meta name=keywords content="a, b"></head><header>x</header><main><header><h1>H</h1><p>Lead</p></header>Words</main>',
    ),
  ).toMatchObject({
    title: 'H',
    summary: 'S s',
    locale: 'de-DE',
    keywords: ['a', 'b'],
    markdown: 'Lead\n\nWords\n',
  })
  expect(read('<title>T | Shop</title><meta property="og:title" content="O">').title).toBe('O')
  expect(read('<title>T | Shop</title>').title).toBe('T | Shop')
  expect(read('<div role=main>A</div><div>B</div>').markdown).toBe('A\n')
  expect(read('<article>A</article><article>B</article>').markdown).toContain('B')
})

test('markup without end is harmless, quick and loses no words', () => {
  const deep: readonly string[] = [
    '<div>',
    '<b>',
    '<blockquote>',
    '<ul><li>',
    '<table><tr><td>',
    '<svg>',
    '<a href=x>',
    '<font size=1>',
  ]
  for (const tag of deep) {
    const { notes } = convert(`<p>first</p>${tag.repeat(20_000)}last`)
    expect(notes.join('\n'), tag).toMatch(/nested deeper|^$/)
  }
  expect(convert(`${'<div>'.repeat(20_000)}last`).markdown).toBe('last')
  expect(convert(`<script>alert(1)</script>${'<div>'.repeat(20_000)}last`).markdown).toBe('last')
  expect(
    convert('<table><tr><td colspan=99999 rowspan=99999>x</td><td>y</td></tr></table>').markdown.length,
  ).toBeLessThan(1_000)
})

test('whatever the HTML, nothing of it acts: no address but safe ones, no element that could', () => {
  const piece = fc.constantFrom(
    '<a href="javascript:alert(1)">', '<a href=" java\tscript:x">', '<a href="data:text/html,x">', '</a>', '<img src=x onerror=alert(1)>', '<img src="javascript:1" alt="](javascript:1)">',
    '<script>', '</script>', '<svg onload=x>', '<style>@import x</style>', '<iframe srcdoc="<b>">', '<iframe src="javascript:1">', '<math>', '<template>', '<p>', '</p>', '<h2 id="x}{y">', '</h2>', '<h2 id=\'"><b>\'>',
    '<table><tr><td>', '</table>', '<pre>', '```', '`', '[x](javascript:1)', '![x](javascript:1)', '<javascript:alert(1)>', '&lt;script&gt;', 'words', '\n', '<br data-in-cell>', '<ul><li>', '<base href="javascript:x">', '<form action=x>', '|',
  ) // biome-ignore format: a list
  const allowImage = (src: string) => {
    const safe = safeLink(src)
    return safe ? { src: safe } : null
  }
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
      const tree = JSON.stringify(fromMarkdown(convert(pieces.join('')).markdown, { allowImage }))
      expect(tree).not.toMatch(/"(?:href|src)":"(?!https?:|mailto:|tel:)/)
    }),
    { numRuns: 1_000 },
  )
})

test('whatever is in what, no word of it is lost or read as Markdown', () => {
  const tags =
    'p b em h2 pre code ul ol li table tr td th blockquote div dl dt dd details summary span sup del s a figure center'
  const piece = fc.oneof(
    fc.constantFrom(...tags.split(' ').flatMap(tag => [`<${tag}>`, `</${tag}>`])),
    fc.constantFrom(
      '<a href=https://a.example>',
      'word',
      'word',
      '\n',
      ' ',
      '![x](https://a.example/i.png)',
      '```',
      '* x',
      '1. y',
      '|',
      '<br>',
      '<hr>',
      '    four',
      '> s',
      '`',
      '~~~',
    ),
  )
  const count = (text: string) => text.match(/word/g)?.length ?? 0
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
      const html = pieces.join('')
      const tree = fromMarkdown(convert(html).markdown, { allowImage: src => ({ src }) })
      expect(JSON.stringify(tree)).not.toContain('"src":')
      expect(count(plainText(tree))).toBe(count(html))
    }),
    { numRuns: 1_500, seed: 1 },
  )
})

test('text of HTML shows as it stands', () => {
  const text = fc
    .string({ maxLength: 30 })
    .filter(words => /\S/.test(words) && !/[\0\r\f\ud800-\udfff]/.test(words))
  const squeeze = (words: string) => words.replace(/\s+/g, '')
  fc.assert(
    fc.property(text, words => {
      const html = `<p>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`
      expect(squeeze(plainText(fromMarkdown(convert(html).markdown)))).toBe(squeeze(words))
    }),
    { numRuns: 500 },
  )
})

test('addresses in Markdown are written anew, code and comments stay', () => {
  const rewrite = (markdown: string) =>
    rewriteAddresses(markdown, {
      link: href => (href === 'gone.pdf' ? null : `L:${href}`),
      image: src => `I:${src}`,
    })
  expect(
    rewrite(
      [
        '[a](a.md "title") and [b](<b c.md>), `[code](a.md)`, [`code`](c.md), [d](d_(1).md)',
        '[![pic](p.png)](page.md) and [words](gone.pdf) and <a href="x.md">x</a> <img alt="" src=\'y.png\'>',
        '[ref]: r.md "title"',
        '[^1]: requires nothing',
        'a line [that goes',
        'on](next.md) <!-- [a](b.md) -->',
        '```',
        '[a](a.md)',
        '```',
        '[a]() [x] (y) \\[a](b)',
        "[t](t.md 'one (two)') [u](u.md (v))",
      ].join('\n'),
    ),
  ).toBe(
    [
      '[a](L:a.md "title") and [b](<L:b c.md>), `[code](a.md)`, [`code`](L:c.md), [d](<L:d_(1).md>)',
      '[![pic](I:p.png)](L:page.md) and words and <a href="L:x.md">x</a> <img alt="" src="I:y.png">',
      '[ref]: L:r.md "title"',
      '[^1]: requires nothing',
      'a line [that goes',
      'on](L:next.md) <!-- [a](b.md) -->',
      '```',
      '[a](a.md)',
      '```',
      '[a]() [x] (y) \\[a](L:b)',
      "[t](L:t.md 'one (two)') [u](L:u.md (v))",
    ].join('\n'),
  )
})

test('text that was made to take long does not', () => {
  const started = performance.now()
  const same = { link: (href: string) => href, image: (src: string) => src }
  for (const text of [
    `](${'a'.repeat(200_000)}`,
    '](x)'.repeat(20_000),
    '`'.repeat(100_000),
    '<a '.repeat(50_000),
  ])
    expect(rewriteAddresses(text, same)).toBe(text)
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('plain text keeps its lines, its lists, and nothing else', () => {
  expect(textToMarkdown('One\r\ntwo\n\n- a\n- b *c*\n1) d\n\n# no title')).toBe(
    'One\n\ntwo\n\n- a\n- b \\*c\\*\n1. d\n\n\\# no title',
  )
})

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['What? "Now": <here>', 'What-Now-here'],
  ['con', 'con-page'],
  ['...', 'page'],
  ['\u00dcber uns', '\u00dcber-uns'],
  ['x'.repeat(300), 'x'.repeat(80)],
])('a name %j is %j', (name, segment) => {
  expect(segmentOf(name)).toBe(segment)
})
