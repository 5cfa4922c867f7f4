// Reads raw HTML inside Markdown as a stream of text and tags, in one pass over the characters. Makes no
// element and no HTML. A word in angle brackets that is no HTML element (`<PORT>`) is what its author typed.

export interface HtmlSink {
  text(text: string): void
  open(tag: string, attribute: (name: string) => string | null): void
  close(tag: string): void
  /** An element whose content cannot be shown: `script`, `style`, …. */
  dropped(tag: string): void
}

const ELEMENTS = new Set(
  (
    'a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption ' +
    'center cite code col colgroup dd del details dfn dialog div dl dt em embed fieldset figcaption figure font ' +
    'footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map ' +
    'mark math menu meta nav noscript object ol optgroup option p param path picture pre q s samp script section ' +
    'select small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th ' +
    'thead time title tr track tt u ul var video wbr'
  ).split(' '),
)
/** Elements whose content is not prose. */
const RAW = new Set(['script', 'style', 'noscript', 'template', 'textarea', 'title', 'svg', 'math'])

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/y
const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g

const NAMED: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', reg: '®', trade: '™', hellip: '…',
  mdash: '—', ndash: '–', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', bull: '•',
  middot: '·', times: '×', deg: '°', micro: 'µ', ohm: 'Ω', Omega: 'Ω', plusmn: '±', le: '≤', ge: '≥', ne: '≠',
  larr: '←', rarr: '→', uarr: '↑', darr: '↓', euro: '€', pound: '£', cent: '¢', yen: '¥', sect: '§', para: '¶',
  check: '✓', shy: '', ensp: ' ', emsp: ' ', thinsp: ' ', zwj: '', zwnj: '',
} // biome-ignore format: one line each would be a page of them

/** Character references as characters; a name that is not in the short table stays as it was typed. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (all, dec, hex, name) => {
    if (name) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? all) : all
    const code = dec ? Number(dec) : Number.parseInt(hex, 16)
    const isScalar = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return isScalar ? String.fromCodePoint(code) : '\ufffd'
  })
}

/** Reads `html` into `sink`. Never throws; what is not a whole tag is text. */
export function readHtml(html: string, sink: HtmlSink): void {
  let lower: string | undefined
  /** Raw elements that nothing ends from here on: looked for once, not once for each of them. */
  const unended = new Set<string>()
  // Words between two tags come as one text, however many lone `<` stand in them.
  const words: string[] = []
  const tell = () => {
    if (words.length) sink.text(words.splice(0).join(''))
  }
  let at = 0
  while (at < html.length) {
    const start = html.indexOf('<', at)
    if (start < 0) break
    if (start > at) words.push(decodeEntities(html.slice(at, start)))
    if (html.startsWith('<!--', start)) {
      const end = html.indexOf('-->', start + 4)
      at = end < 0 ? html.length : end + 3
      continue
    }
    TAG.lastIndex = start
    const match = TAG.exec(html)
    const tag = match?.[2]?.toLowerCase() ?? ''
    if (!match || !ELEMENTS.has(tag)) {
      const declaration = /<[!?][^<>]*>/y
      declaration.lastIndex = start
      const skipped = declaration.exec(html)
      at = start + (skipped ?? match ?? ['<'])[0].length
      if (!skipped) words.push(html.slice(start, at))
      continue
    }
    at = start + match[0].length
    tell()
    if (match[1]) {
      sink.close(tag)
      continue
    }
    if (RAW.has(tag)) {
      lower ??= html.toLowerCase()
      const end = unended.has(tag) ? -1 : lower.indexOf(`</${tag}`, at)
      sink.dropped(tag)
      if (end < 0) unended.add(tag)
      // A lone opening tag (inline HTML comes tag by tag) hides nothing that follows.
      if (end >= 0) at = Math.max(html.indexOf('>', end) + 1, end + 2)
      continue
    }
    const source = match[3] ?? ''
    let attributes: Map<string, string> | undefined
    sink.open(tag, name => {
      if (!attributes) {
        attributes = new Map()
        for (const [, key = '', a, b, c] of source.matchAll(ATTRIBUTE)) {
          const lowered = key.toLowerCase()
          if (!attributes.has(lowered)) attributes.set(lowered, decodeEntities(a ?? b ?? c ?? ''))
        }
      }
      return attributes.get(name) ?? null
    })
  }
  if (at < html.length) words.push(decodeEntities(html.slice(at)))
  tell()
}
