import { describe, expect, test } from 'vitest'
import { finalLines, isMissed, median, percentile, ratio, shown, table } from '../../bench/page/figures'
import { parseRivals } from '../../bench/page/rivals'
import { mainThread, type TraceEvent } from '../../bench/page/trace'

describe('figures', () => {
  test('a median is of the middle, or between the two in the middle, and of nothing none', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(median([])).toBeNaN()
  })

  test('a percentile is the smallest number that so many do not exceed', () => {
    const numbers = Array.from({ length: 100 }, (_, n) => 100 - n)
    expect(percentile(numbers, 0.95)).toBe(95)
    expect(percentile([7], 0.95)).toBe(7)
    expect(percentile([], 0.95)).toBeNaN()
  })

  test('a ratio to a floor that costs nothing is none', () => {
    expect(ratio(3, 2)).toBe(1.5)
    expect(ratio(3, 0)).toBeNaN()
    expect(ratio(3, -1)).toBeNaN()
  })

  test('what is printed is what is held against the target, and what is unknown misses it', () => {
    expect(shown(1.3049)).toBe('1.3')
    expect(isMissed(1.3049, { atMost: 1.3 })).toBe(false)
    expect(isMissed(1.306, { atMost: 1.3 })).toBe(true)
    expect(isMissed(NaN, { atMost: 1.3 })).toBe(true)
    expect(isMissed(9, null)).toBe(false)
    expect(
      finalLines([
        ['open-ratio', 1.306],
        ['cls', 0],
        ['append-ms', NaN],
      ]),
    ).toEqual(['open-ratio: 1.31', 'cls: 0', 'append-ms: -'])
  })

  test('a table has a column a page, empty where it has no figure, and marks misses of the first', () => {
    const lines = table(
      [
        { name: 'inp', unit: 'ms', asked: { atMost: 100 }, values: { ours: 128, floor: 240 } },
        { name: 'load-br', unit: 'bytes', asked: null, values: { ours: 2668, floor: 356, empty: 129 } },
      ],
      ['ours', 'floor', 'empty'],
    )
    expect(lines).toEqual([
      'figure           asked   ours  floor  empty',
      'inp, ms         <= 100  128 !    240',
      'load-br, bytes           2668    356    129',
    ])
  })
})

describe('the file of other widgets', () => {
  const rival = { name: 'other', page: 'site/index.html', launcher: '#open', input: 'input' }
  const parse = (value: unknown) => parseRivals(JSON.stringify(value), '/there/other.json')

  test('is one or a list, with pages beside it', () => {
    expect(parse(rival)).toEqual([{ ...rival, page: '/there/site/index.html' }])
    expect(parse([rival, { ...rival, name: 'third', page: '/far/away' }])[1]?.page).toBe('/far/away')
  })

  test.each([
    ['none', () => parseRivals('{', '/there/other.json'), '/there/other.json must be JSON'],
    ['a text', () => parse(['x']), '[0] must be an object with name, page, launcher, input, got "x"'],
    ['no field', () => parse({ ...rival, input: undefined }), '[0].input must be a text, got nothing'],
    ['an empty one', () => parse({ ...rival, name: '' }), '[0].name must be a text, got ""'],
    ['a misspelt one', () => parse({ ...rival, button: 'x' }), '[0].button is not known. Known are name'],
    ['a name of ours', () => parse({ ...rival, name: 'ours' }), '"ours" names two columns'],
    ['a name twice', () => parse([rival, rival]), '"other" names two columns'],
  ])('says what is wrong with it: %s', (_, read, sentence) => {
    expect(read).toThrow(sentence)
  })
})

describe('a trace', () => {
  const page = 'http://shop.localhost:1'
  const of = (name: string, ts: number, dur: number, url?: string, more: Partial<TraceEvent> = {}) => ({
    name,
    ph: 'X',
    pid: 1,
    tid: 1,
    ts: ts * 1_000,
    dur: dur * 1_000,
    tdur: dur * 500,
    ...(url && { args: name === 'ParseHTML' ? { beginData: { url } } : { data: { url } } }),
    ...more,
  })
  const parsed = of('ParseHTML', 0, 5, `${page}/`)

  test('counts the page’s own scripts once, in time of its thread, and tasks from the first of them on', () => {
    const events = [
      parsed,
      of('RunTask', 0, 50),
      of('EvaluateScript', 10, 20, 'debugger://x'),
      of('RunTask', 100, 40),
      of('EvaluateScript', 110, 20, `${page}/a.js`),
      of('v8.compile', 111, 4, `${page}/a.js`),
      of('FunctionCall', 140, 2, `${page}/a.js`),
      of('RunTask', 200, 10),
      of('FunctionCall', 110, 20, `${page}/a.js`, { pid: 2 }),
    ]
    expect(mainThread(events, page)).toEqual({ scriptMs: 11, taskMs: 25 })
  })

  test('of a page without scripts counts from when one would have come', () => {
    expect(mainThread([parsed, of('RunTask', 10, 50), of('RunTask', 600, 8)], page)).toEqual({
      scriptMs: 0,
      taskMs: 4,
    })
  })

  test('without the page says so', () => {
    expect(() => mainThread([], page)).toThrow('got none. Did it load?')
  })
})
