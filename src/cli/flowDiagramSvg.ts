// A diagram as an SVG picture: boxes with their words, laid out in layers from top to bottom. Pure: same diagram, same
// bytes. No script, no foreign object, no font or style from elsewhere; it follows the reader's light or dark scheme.

import { Graph, layout } from '@dagrejs/dagre'
import type { Box, BoxKind, Diagram } from './flowDiagram'

/** Pixels, at the picture's own size. */
const BOX_CHARS_WIDTH = 250
const PADDING = 12
const LINE = 18
const SMALL_LINE = 16
const MARGIN = 24
const HEADER = 34
/** More of one message is cut: the file has the rest. */
const MAX_LINES = 7
const LABEL_WIDTH = 130
const CORNER = 28
/** An arrow's last stretch, straight down. */
const STUB = 18
/** What 12 pixels take in semi-bold. */
const BOLD = 13

interface Row {
  readonly text: string
  readonly kind: 'does' | 'says' | 'button'
  readonly y: number
  readonly width: number
}
interface Measured {
  readonly box: Box
  readonly rows: readonly Row[]
  readonly width: number
  readonly height: number
}

interface Point {
  readonly x: number
  readonly y: number
}

export function flowSvg(diagram: Diagram): string {
  const boxes = diagram.boxes.map(measure)
  const graph = new Graph()
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 36,
    ranksep: 52,
    edgesep: 18,
    ranker: 'network-simplex',
    rankalign: 'top',
  })
  for (const { box, width, height } of boxes) graph.setNode(box.id, { width, height })
  const labels = diagram.arrows.map(({ when }) => wrap(when, LABEL_WIDTH, 12))
  diagram.arrows.forEach(({ from, to }, i) => {
    const lines = labels[i] ?? []
    const width = Math.max(0, ...lines.map(line => widthOf(line, 12))) + (lines.length ? 12 : 0)
    graph.setEdge(from, to, { width, height: lines.length * SMALL_LINE, labelpos: 'c' })
  })
  layout(graph)
  const size = graph.graph() as { readonly width?: number; readonly height?: number }
  const titleWidth = widthOf(diagram.title, 18) + MARGIN * 2
  const width = Math.ceil(Math.max((size.width ?? 0) + MARGIN * 2, titleWidth))
  const height = Math.ceil((size.height ?? 0) + MARGIN * 2 + HEADER)
  const left = Math.max(MARGIN, (width - (size.width ?? 0)) / 2)
  const top = MARGIN + HEADER

  // Left or right is one to the layout; branches should read from left to right as in the file.
  const isMirrored = inversions(diagram, id => (graph.node(id) as Point).x) > 0
  const place = ({ x, y }: Point): Point => ({
    x: left + (isMirrored ? (size.width ?? 0) - x : x),
    y: top + y,
  })

  const placed = (id: string) => {
    const node = graph.node(id) as Point & { readonly width: number; readonly height: number }
    return { ...place(node), width: node.width, height: node.height }
  }
  const arrows = diagram.arrows.map(({ from, to }, i) => {
    const edge = graph.edge(from, to) as Point & { readonly points: readonly Point[] }
    const points = fromBottomToTop(edge.points.map(place), placed(from), placed(to))
    const lines = labels[i] ?? []
    const label = lines.length ? labelOf(lines, place(edge)) : ''
    return { path: `<path class="arrow" d="${pathOf(points)}"/>${headOf(points)}`, label }
  })
  const drawn = boxes.map(measured => {
    const { x, y } = placed(measured.box.id)
    return drawBox(measured, x, y)
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(diagram.title)}</title>`,
    `<desc id="description">${escaped(describeIn(diagram))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${MARGIN}" y="${MARGIN + 14}">${escaped(diagram.title)}</text>`,
    ...arrows.map(({ path }) => path),
    ...drawn,
    ...arrows.map(({ label }) => label).filter(Boolean),
    '</svg>',
    '',
  ].join('\n')
}

/** Pairs of ways out of one box that stand the wrong way round, less those that stand right. */
function inversions({ arrows }: Diagram, xOf: (id: string) => number): number {
  let wrong = 0
  arrows.forEach((one, i) => {
    for (const other of arrows.slice(i + 1))
      if (other.from === one.from) wrong += Math.sign(xOf(one.to) - xOf(other.to))
  })
  return wrong
}

function measure(box: Box): Measured {
  const isDecision = box.kind === 'branch'
  const rows: Row[] = []
  let y = PADDING
  const add = (kind: Row['kind'], lines: readonly string[], size: number, line: number) => {
    for (const text of lines) {
      y += line
      rows.push({ text, kind, y: y - line * 0.25, width: widthOf(text, size) })
    }
  }
  if (box.does) add('does', wrap(box.does, BOX_CHARS_WIDTH, BOLD), BOLD, SMALL_LINE)
  for (const words of box.says) {
    y += rows.length ? 4 : 0
    add('says', wrap(words, BOX_CHARS_WIDTH, 14, MAX_LINES), 14, LINE)
  }
  for (const label of box.buttons) {
    y += 8
    const [text = ''] = wrap(label, BOX_CHARS_WIDTH - 20, 13, 1)
    y += LINE
    rows.push({ text, kind: 'button', y: y - LINE * 0.25, width: widthOf(text, 13) + 20 })
  }
  const widest = Math.max(40, ...rows.map(row => row.width))
  return {
    box,
    rows,
    width: Math.ceil(widest) + PADDING * 2 + (isDecision ? 16 : 4),
    height: y + PADDING - 2,
  }
}

function drawBox({ box, rows, width, height }: Measured, x: number, y: number): string {
  const left = x - width / 2
  const top = y - height / 2
  const round = box.kind === 'person' || box.kind === 'end' ? Math.min(18, height / 2) : 6
  const isCentred = box.kind === 'branch' || box.kind === 'end'
  const words = rows.map(({ text, kind, y: down, width: own }) => {
    const at = { x: number(isCentred ? x : left + PADDING + 4), y: number(top + down) }
    const anchor = isCentred ? ' text-anchor="middle"' : ''
    if (kind !== 'button')
      return `<text class="${kind}" x="${at.x}" y="${at.y}"${anchor}>${escaped(text)}</text>`
    const button = `<rect class="button" x="${at.x}" y="${number(top + down - 15)}" width="${number(own)}" height="22" rx="11"/>`
    return `${button}<text class="choice" x="${number(left + PADDING + 14)}" y="${at.y}">${escaped(text)}</text>`
  })
  const bar =
    isCentred || box.kind === 'start'
      ? ''
      : `<rect class="bar" x="${number(left + 5)}" y="${number(top + 8)}" width="4" height="${number(height - 16)}" rx="2"/>`
  return `<g class="${box.kind}"><title>${escaped(box.id)}</title><rect class="box" x="${number(left)}" y="${number(top)}" width="${width}" height="${number(height)}" rx="${round}"/>${bar}${words.join('')}</g>`
}

function labelOf(lines: readonly string[], { x, y }: Point): string {
  const width = Math.max(...lines.map(line => widthOf(line, 12))) + 10
  const height = lines.length * SMALL_LINE + 2
  const text = lines.map(
    (line, i) =>
      `<text class="when" text-anchor="middle" x="${number(x)}" y="${number(y - height / 2 + SMALL_LINE * (i + 0.8))}">${escaped(line)}</text>`,
  )
  return `<g><rect class="label" x="${number(x - width / 2)}" y="${number(y - height / 2)}" width="${number(width)}" height="${height}" rx="4"/>${text.join('')}</g>`
}

type Placed = Point & { readonly width: number; readonly height: number }

/** An arrow leaves at the bottom and comes in at the top, where it goes down: at the sides it would meet its neighbours. */
function fromBottomToTop(points: readonly Point[], from: Placed, to: Placed): readonly Point[] {
  const inner = points.slice(1, -1)
  const [second] = inner
  const before = inner.at(-1)
  if (!second || !before || from.y >= to.y) return points
  const within = (x: number, box: Placed) => {
    const room = Math.max(0, box.width / 2 - 18)
    return Math.min(box.x + room, Math.max(box.x - room, x))
  }
  const start = { x: within(second.x, from), y: from.y + from.height / 2 }
  const end = { x: within(before.x, to), y: to.y - to.height / 2 }
  const isAside = (a: Point, b: Point) => Math.abs(a.x - b.x) > 8
  return [
    start,
    ...(isAside(start, second) ? [{ x: start.x, y: start.y + STUB / 2 }] : []),
    ...inner,
    ...(isAside(end, before) ? [{ x: end.x, y: end.y - STUB }] : []),
    end,
  ]
}

/** Through every point, its corners rounded: a wider curve would cut across boxes. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  const at = ({ x, y }: Point) => `${number(x)} ${number(y)}`
  let path = `M${at(first)}`
  rest.forEach((point, i) => {
    const before = points[i] ?? first
    const after = rest[i + 1]
    if (!after) path += `L${at(point)}`
    else path += `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`
  })
  return path
}

/** The point on the way from `from` to `to` where a corner begins. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const share = Math.min(CORNER, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

function headOf(points: readonly Point[]): string {
  const end = points.at(-1)
  const before = points.at(-2)
  if (!end || !before) return ''
  const angle = Math.atan2(end.y - before.y, end.x - before.x)
  const corner = (turn: number) =>
    `${number(end.x - 9 * Math.cos(angle + turn))} ${number(end.y - 9 * Math.sin(angle + turn))}`
  return `<path class="head" d="M${number(end.x)} ${number(end.y)}L${corner(0.42)}L${corner(-0.42)}Z"/>`
}

/** For who cannot see the picture. */
function describeIn({ boxes, arrows }: Diagram): string {
  const says = boxes.map(
    ({ id, does }) =>
      `${id}: ${does}${arrows
        .filter(({ from }) => from === id)
        .map(({ to, when }) => `; ${when ? `${when} leads` : 'leads'} to ${to}`)
        .join('')}`,
  )
  return says.join('. ')
}

/** Lines no wider than `room` pixels; a word that is wider stands alone and is cut. */
function wrap(text: string, room: number, size: number, most = 4): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const whole of text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter(Boolean)) {
    for (const word of pieces(whole, room, size)) {
      if (line && widthOf(`${line} ${word}`, size) > room) {
        lines.push(line)
        line = word
      } else line = line ? `${line} ${word}` : word
    }
  }
  if (line) lines.push(line)
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), `${(lines[most - 1] ?? '').replace(/[ .,;:]+$/, '')} …`]
}

/** Paths and words of languages without spaces, in pieces that fit. */
function pieces(word: string, room: number, size: number): readonly string[] {
  if (widthOf(word, size) <= room) return [word]
  const out: string[] = []
  let piece = ''
  // Behind a slash or a hyphen where there is one, else anywhere.
  for (const part of word
    .split(/(?<=[/#-])/)
    .flatMap(one => (widthOf(one, size) > room ? [...one] : [one]))) {
    if (piece && widthOf(piece + part, size) > room) {
      out.push(piece)
      piece = ''
    }
    piece += part
  }
  return [...out, piece]
}

/** Widths of Arial in thousandths of the type size, by kind of letter; a little more, for other fonts. */
function widthOf(text: string, size: number): number {
  let units = 0
  for (const char of text) {
    if (/[iljtfI.,:;'’‘|!()[\]/ -]/.test(char)) units += 300
    else if (/[mwMW@%…]/.test(char)) units += 880
    else if (/[A-Z&]/.test(char)) units += 690
    else if (/[\u1100-\uffef]/.test(char)) units += 1_000
    else units += 560
  }
  return (units * size) / 1_000
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Only text: nothing that is written in a flow can become a mark. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]+/gu, ' ')
    .replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
}

/** Of each kind: stroke in light, in dark. */
const COLOURS: Readonly<Record<BoxKind, readonly [light: string, dark: string]>> = {
  start: ['#57606a', '#9198a1'],
  say: ['#57606a', '#9198a1'],
  ask: ['#9a6700', '#d29922'],
  branch: ['#57606a', '#9198a1'],
  action: ['#8250df', '#ab7df8'],
  article: ['#0969da', '#4493f8'],
  solved: ['#1a7f37', '#3fb950'],
  person: ['#bc4c00', '#f0883e'],
  end: ['#1a7f37', '#3fb950'],
}

const STYLE = [
  'svg{--paper:#fff;--box:#fff;--ink:#1f2328;--dim:#59636e;--line:#818b98;--soft:#f3f5f7}',
  'text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}',
  '.paper{fill:var(--paper)}.title{font-size:18px;font-weight:600}',
  '.box{fill:var(--box);stroke:var(--own);stroke-width:1.5}.bar{fill:var(--own)}',
  '.does{font-size:12px;fill:var(--own);font-weight:600}.says{font-size:14px}',
  '.choice{font-size:13px}.button{fill:var(--soft);stroke:var(--line)}',
  '.when{font-size:12px;fill:var(--dim)}.label{fill:var(--paper)}',
  '.arrow{fill:none;stroke:var(--line);stroke-width:1.5}.head{fill:var(--line)}',
  '.start .box{fill:var(--soft);stroke-dasharray:4 3}.person .box,.end .box{stroke-width:2.5}.branch .box{fill:var(--soft)}',
  ...Object.entries(COLOURS).map(([kind, [light]]) => `.${kind}{--own:${light}}`),
  '@media (prefers-color-scheme:dark){',
  'svg{--paper:#0d1117;--box:#151b23;--ink:#f0f6fc;--dim:#9198a1;--line:#656c76;--soft:#212830}',
  ...Object.entries(COLOURS).map(([kind, [, dark]]) => `.${kind}{--own:${dark}}`),
  '}',
].join('')
