// Pictures of flows: what they say, that nothing written in a flow becomes a mark, and that they repeat.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Flow } from '../../../src/bot/flow'
import { parseFlows } from '../../../src/bot/flowSchema'
import { createCheck } from '../../../src/cli/check'
import { flowDiagram } from '../../../src/cli/flowDiagram'
import { flowMermaid } from '../../../src/cli/flowDiagramMermaid'
import { flowSvg } from '../../../src/cli/flowDiagramSvg'
import { createSpoken } from './spoken'

const HERE = import.meta.dirname
const DEMO = join(HERE, '../../../demo')
const flowOf = (json: unknown) => {
  const { flows, problems } = parseFlows(json, 'f.json')
  expect(problems).toEqual([])
  return flows[0] as Flow
}
const payout = flowOf(readFileSync(join(HERE, '../../fixtures/flows/payout.json'), 'utf8'))

test('a flow in words that a support lead reads', () => {
  const { boxes, arrows } = flowDiagram(payout)
  expect(boxes.map(({ id, does, says }) => `${id}: ${does} | ${says.join(' / ')}`)).toEqual([
    '(start):  | “my payout is missing” / “where is my money” / “payout please”',
    'ask: asks: contract number | Which contract is it?',
    'read: answers from payments/refunds | Refunds take five days.',
    'solved: asks whether it helped | ',
    '(solved solved): solved | ',
    'person: a person: payouts | A person will look at ‹contract number›.',
  ])
  expect(arrows.map(({ from, to, when }) => `${from} -> ${to}${when && `: ${when}`}`)).toEqual([
    '(start) -> ask',
    'ask -> read',
    'read -> solved',
    'solved -> person: no',
    'solved -> (solved solved): yes',
  ])
})

test('what all branches are about stands in the box, and the answers on the arrows', () => {
  const { boxes, arrows } = flowDiagram(
    flowOf(readFileSync(join(DEMO, 'help/flows/password-reset.json'), 'utf8')),
  )
  expect(boxes.find(({ id }) => id === 'sort')?.does).toBe('decides by sign-in problem')
  expect(arrows.filter(({ from }) => from === 'sort').map(({ when }) => when)).toEqual([
    'The reset e-mail does not arrive',
    'My two-step code does not work',
    'else',
  ])
})

test('two reasons for one way are one arrow', () => {
  const flow = flowOf(readFileSync(join(DEMO, 'help/flows/withdrawal-delayed.json'), 'utf8'))
  expect(flowDiagram(flow).arrows).toContainEqual({
    from: 'lookup',
    to: 'general',
    when: 'not found, or refused',
  })
})

test('Mermaid, as a wiki draws it', () => {
  expect(flowMermaid(flowDiagram(payout)).split('\n').slice(0, 8)).toEqual([
    '%% payout: drawn by "asklet check --graph"',
    'flowchart TD',
    '  s0(["<b>A payout is missing</b><br>“my payout is missing”<br>“where is my money”<br>“payout please”"]):::start',
    '  s1[/"<i>asks: contract number</i><br>Which contract is it?"/]:::ask',
    '  s2["<i>answers from payments/refunds</i><br>Refunds take five days."]:::article',
    '  s3{"<i>asks whether it helped</i>"}:::solved',
    '  s4(["<i>solved</i>"]):::end',
    '  s5(["<i>a person: payouts</i><br>A person will look at ‹contract number›."]):::person',
  ])
})

test('words of a flow stay words: no mark, no script, nothing from elsewhere', () => {
  const evil = `</text></svg><script>alert(1)</script>"]; click s0 "javascript:alert(1)" <!-- ]]> &lt; \u0007\ud800`
  const flow = flowOf({
    id: 'evil',
    title: evil,
    startsWith: [evil],
    pages: [evil],
    slots: {
      kind: {
        label: evil,
        type: 'choice',
        options: [
          { value: 'a', label: evil },
          { value: 'b', label: 'B' },
        ],
      },
    },
    steps: {
      ask: { say: evil, ask: 'kind', next: 'sort' },
      sort: { branch: [{ when: { slot: { kind: ['a'] } }, next: 'person' }], next: 'read' },
      read: { say: evil, article: evil, next: 'person' },
      person: { say: evil, handoff: evil },
    },
  })
  const svg = flowSvg(flowDiagram(flow))
  expect(
    [...svg.matchAll(/<([a-z]+)/gi)]
      .map(([, tag]) => tag)
      .filter((tag, i, all) => all.indexOf(tag) === i)
      .sort(),
  ).toEqual(['desc', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title'])
  expect(svg).not.toMatch(/href|\son\w+=|url\(|@import|<!|\p{Cs}|\p{Cc}(?<!\n)/u)
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('//')
  const mermaid = flowMermaid(flowDiagram(flow))
  expect(mermaid).not.toMatch(/<(?!\/?[bi]>|br>)|["\]}/]\s*;|click s0 "/)
})

test('text is cut to the box, and a word without end is broken', () => {
  const flow = flowOf({
    id: 'long',
    title: 'Long',
    startsWith: ['x'],
    steps: { a: { say: `${'w'.repeat(400)} ${'word '.repeat(110)}`, next: 'p' }, p: { handoff: 'x' } },
  })
  const svg = flowSvg(flowDiagram(flow))
  expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(420)
  expect(svg).toContain('…</text>')
})

test('check --graph writes both files of each sound flow, the same bytes each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-graph-'))
  const draw = async (to: string) => {
    const out = createSpoken()
    expect(await createCheck().run([join(DEMO, 'help/flows'), '--graph', join(folder, to)], out)).toBe(0)
    expect(out.lines).toContain(`pictures: 8 in ${join(folder, to)}`)
    return readdirSync(join(folder, to)).map(name => [name, readFileSync(join(folder, to, name), 'utf8')])
  }
  const first = await draw('one')
  expect(first.length).toBe(16)
  expect(await draw('two')).toEqual(first)
  // The front page shows this one.
  expect(readFileSync(join(DEMO, 'flow.svg'), 'utf8')).toBe(
    new Map(first as [string, string][]).get('withdrawal-delayed.svg'),
  )
  rmSync(folder, { recursive: true })
})
