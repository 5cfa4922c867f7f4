// What a flow says, from Markdown to trees: what a page gets, what others read, and that no value becomes markup.

import { expect, test } from 'vitest'
import { EMPTY_BOT_STATE } from '../../../src/bot/botProvider'
import { advance } from '../../../src/bot/flowEngine'
import { parseFlows } from '../../../src/bot/flowSchema'
import { type LinkOf, readFlowTexts } from '../../../src/cli/flowTexts'
import { factsOf, texts } from '../bot/scene'

const linkOf: LinkOf = href => {
  const [id = '', heading] = href.split('#')
  if (id === 'payments/fees') return { link: { id, title: 'Fees', ...(heading ? { heading } : {}) } }
  return /^\w+:/.test(href) ? { link: null } : { link: null, problem: 'there is no such article' }
}

function read(say: string | readonly string[], slots: object = {}) {
  const { flows, problems } = parseFlows(
    {
      id: 'f',
      title: 'F',
      startsWith: ['f'],
      slots,
      steps: { a: { say, next: 'p' }, p: { handoff: 'x' } },
    },
    'f.json',
  )
  expect(problems).toEqual([])
  const [flow] = flows
  if (!flow) throw new Error('no flow')
  return readFlowTexts(flow, 'f.json', linkOf)
}

test('words without marks have no tree: they are as they were', () => {
  const { flow, problems } = read(['Which order is it? The number is {order}.', 'First line.\nSecond line.'])
  expect(problems).toEqual([])
  expect(flow.steps.a).toEqual({
    say: ['Which order is it? The number is {order}.', 'First line.\nSecond line.'],
    next: 'p',
  })
})

test('marks become a tree, and the text beside it is what a person would write', () => {
  const { flow, problems } = read([
    'Plain.',
    'Do **this** with `C-1`:\n\n1. Open [the fees](payments/fees#who-pays).\n2. Write to help@shop.example or see [the status](https://status.shop.example/now).',
  ])
  expect(problems).toEqual([])
  expect(flow.steps.a?.say).toEqual([
    'Plain.',
    'Do this with C-1:\n\n1. Open the fees.\n2. Write to help@shop.example or see the status (https://status.shop.example/now).',
  ])
  expect(flow.steps.a?.trees).toEqual([
    null,
    [
      {
        t: 'p',
        c: ['Do ', { t: 'b', c: ['this'] }, ' with ', { t: 'code', x: 'C-1' }, ':'],
      },
      {
        t: 'ol',
        c: [
          [
            {
              t: 'p',
              c: ['Open ', { t: 'ref', id: 'payments/fees', h: 'who-pays', c: ['the fees'] }, '.'],
            },
          ],
          [
            {
              t: 'p',
              c: [
                'Write to ',
                { t: 'a', href: 'mailto:help@shop.example', c: ['help@shop.example'] },
                ' or see ',
                { t: 'a', href: 'https://status.shop.example/now', c: ['the status'] },
                '.',
              ],
            },
          ],
        ],
      },
    ],
  ])
})

test('a heading would stand among those of the panel: it is bold words', () => {
  const { flow } = read('## Before you go\n\n- one\n- two')
  expect(flow.steps.a?.say).toEqual(['Before you go\n\n• one\n• two'])
  expect(flow.steps.a?.trees?.[0]?.[0]).toEqual({ t: 'p', c: [{ t: 'b', c: ['Before you go'] }] })
})

test('an image is what it says, and a link that is none is its words', () => {
  const { flow, problems } = read('See ![the form](form.png) and [this](javascript:alert(1)).')
  expect(flow.steps.a?.say).toEqual(['See the form and this.'])
  expect(flow.steps.a?.trees).toBeUndefined()
  expect(problems.map(({ code, what }) => `${code} ${what}`)).toEqual([
    'flow_advice should be words: an image is shown as what it says',
    'flow_shape must link to an article, https, http, mailto or tel',
  ])
})

const HOSTILE = [
  '**bold** [x](javascript:alert(1)) ![y](https://evil.example/p.png)',
  '<img src=x onerror=alert(1)>',
  '](https://evil.example) [',
  '`code` \\" \n# heading\n- item',
  '{a} {visitor.name} __proto__',
  '","t":"a","href":"https://evil.example","c":["',
]

test.each(HOSTILE)('what a visitor typed is words, never markup: %s', value => {
  const said = 'You wrote **{a}**, as `{a}`, see [{a} in the fees](payments/fees).\n\n- {a}'
  const { flow } = read(said, { a: { label: 'a', type: 'text' } })
  const state = { ...EMPTY_BOT_STATE, slots: { a: { label: 'a', value } } }
  const { turn } = advance(
    flow,
    { ...state, flow: { id: 'f', title: 'F', step: 'a' } },
    { kind: 'resume' },
    factsOf('client'),
    texts,
  )
  const [message] = turn.messages
  expect(message?.source.tree).toEqual([
    {
      t: 'p',
      c: [
        'You wrote ',
        { t: 'b', c: [value] },
        ', as ',
        { t: 'code', x: value },
        ', see ',
        { t: 'ref', id: 'payments/fees', c: [`${value} in the fees`] },
        '.',
      ],
    },
    { t: 'ul', c: [[{ t: 'p', c: [value] }]] },
  ])
  expect(message?.text).toBe(`You wrote ${value}, as ${value}, see ${value} in the fees.\n\n• ${value}`)
  // The flow itself keeps its places.
  expect(JSON.stringify(flow.steps.a?.trees)).toContain('{a}')
})

test('a flow that no build has read says its words as they stand', () => {
  const { flows } = parseFlows(
    {
      id: 'f',
      title: 'F',
      startsWith: ['f'],
      steps: { a: { say: 'Do **this**.', next: 'p' }, p: { handoff: 'x' } },
    },
    'f.json',
  )
  const [flow] = flows
  if (!flow) throw new Error('no flow')
  const { turn } = advance(flow, EMPTY_BOT_STATE, { kind: 'start', words: '' }, factsOf('client'), texts)
  expect(turn.messages[0]).toMatchObject({ text: 'Do **this**.' })
  expect(turn.messages[0]?.source.tree).toBeUndefined()
})
