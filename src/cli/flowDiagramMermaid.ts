// A diagram as Mermaid text, for a wiki or a pull request that draws it. Pure.

import type { Box, BoxKind, Diagram } from './flowDiagram'

/** Opening and closing marks of each shape. */
const SHAPES: Readonly<Record<BoxKind, readonly [string, string]>> = {
  start: ['([', '])'],
  say: ['[', ']'],
  ask: ['[/', '/]'],
  branch: ['{{', '}}'],
  action: ['[[', ']]'],
  article: ['[', ']'],
  solved: ['{', '}'],
  person: ['([', '])'],
  end: ['([', '])'],
}

export function flowMermaid(diagram: Diagram): string {
  const ids = new Map(diagram.boxes.map(({ id }, i) => [id, `s${i}`]))
  const box = ({ id, kind, does, says, buttons }: Box) => {
    const [open, close] = SHAPES[kind]
    const lines = [
      ...(kind === 'start' ? [`<b>${escaped(diagram.title)}</b>`] : []),
      ...(does ? [`<i>${escaped(does)}</i>`] : []),
      ...says.map(escaped),
      ...buttons.map(label => `• ${escaped(label)}`),
    ]
    return `  ${ids.get(id)}${open}"${lines.join('<br>')}"${close}:::${kind}`
  }
  return [
    `%% ${oneLine(diagram.id)}: drawn by "asklet check --graph"`,
    'flowchart TD',
    ...diagram.boxes.map(box),
    ...diagram.arrows.map(
      ({ from, to, when }) => `  ${ids.get(from)} -->${when ? `|"${escaped(when)}"|` : ''} ${ids.get(to)}`,
    ),
    '  classDef ask stroke:#9a6700,stroke-width:2px',
    '  classDef article stroke:#0969da,stroke-width:2px',
    '  classDef action stroke:#8250df,stroke-width:2px',
    '  classDef solved stroke:#1a7f37,stroke-width:2px',
    '  classDef person stroke:#bc4c00,stroke-width:3px',
    '',
  ].join('\n')
}

/** Mermaid reads marks in quotes as its own, and HTML besides: both only as numbered characters. */
function escaped(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} .,:!?()/‘’“”‹›•·…-]/gu, char => `#${char.codePointAt(0)};`)
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
