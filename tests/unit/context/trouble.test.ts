import { describe, expect, test } from 'vitest'
import {
  burstWith,
  countErrors,
  type ErrorCounts,
  isRage,
  isRepeated,
  isStalled,
  moveOn,
  type Press,
  type Step,
} from '../../../src/context/trouble'

describe('presses', () => {
  const rage = (...presses: readonly (readonly [x: number, y: number, at: number])[]) => {
    let burst: readonly Press[] = []
    return presses.some(([x, y, at]) => {
      burst = burstWith(burst, { x, y, at })
      return isRage(burst)
    })
  }
  test.each<[string, boolean, [number, number, number][]]>([
    [
      'three on one place within a second',
      true,
      [
        [9, 9, 0],
        [12, 8, 400],
        [10, 10, 1_000],
      ],
    ],
    [
      'a double click',
      false,
      [
        [9, 9, 0],
        [9, 9, 200],
      ],
    ],
    [
      'three, one a second',
      false,
      [
        [9, 9, 0],
        [9, 9, 900],
        [9, 9, 1_800],
      ],
    ],
    [
      'three down a list',
      false,
      [
        [9, 9, 0],
        [9, 49, 300],
        [9, 89, 600],
      ],
    ],
    [
      'two here, one there, one here',
      false,
      [
        [9, 9, 0],
        [9, 9, 300],
        [200, 9, 500],
        [9, 9, 800],
      ],
    ],
    [
      'a clock that is set back',
      false,
      [
        [9, 9, 5_000],
        [9, 9, 5_100],
        [9, 9, 100],
      ],
    ],
  ])('%s: %s', (_, expected, presses) => {
    expect(rage(...presses)).toBe(expected)
  })
})

describe('messages of failure', () => {
  const attempts = (...all: readonly (readonly [control: string, before: string[], after: string[]])[]) =>
    isRepeated(
      all.reduce<ErrorCounts>(
        (counts, [control, before, after]) => countErrors(counts, control, before, after),
        new Map(),
      ),
    )
  test.each<[string, boolean, [string, string[], string[]][]]>([
    [
      'the same after two attempts',
      true,
      [
        ['pay', [], ['declined']],
        ['pay', ['declined'], ['declined']],
      ],
    ],
    [
      'gone meanwhile and back',
      true,
      [
        ['pay', [], ['declined']],
        ['retry', [], ['declined']],
      ],
    ],
    [
      'another one',
      false,
      [
        ['pay', [], ['declined']],
        ['pay', ['declined'], ['expired']],
      ],
    ],
    [
      'it still stands while something else is pressed',
      false,
      [
        ['pay', [], ['declined']],
        ['menu', ['declined'], ['declined']],
        ['theme', ['declined'], ['declined']],
      ],
    ],
    [
      'it stood there before, and two presses elsewhere',
      false,
      [
        ['menu', ['closed'], ['closed']],
        ['theme', ['closed'], ['closed']],
      ],
    ],
    [
      'once',
      false,
      [
        ['pay', [], ['declined']],
        ['pay', ['declined'], []],
      ],
    ],
  ])('%s: %s', (_, expected, all) => {
    expect(attempts(...all)).toBe(expected)
  })
})

describe('a step', () => {
  /** Moves as [seconds, field, length]; is the last one the move of somebody who is stuck? */
  const stuck = (...moves: readonly (readonly [s: number, field: string, length: number])[]) => {
    let step: Step | undefined
    let last = 0
    for (const [s, field, length] of moves) {
      last = s * 1_000
      step = moveOn(step, field, length, last)
    }
    return step !== undefined && isStalled(step, last)
  }
  test.each<[string, boolean, [number, string, number][]]>([
    ['a letter that grows for five minutes', false, Array.from({ length: 300 }, (_, s) => [s, 'letter', s])],
    [
      'back and forth between filled fields for a minute',
      true,
      [
        [0, 'a', 3],
        [1, 'b', 2],
        [20, 'a', 0],
        [35, 'b', 0],
        [50, 'a', 0],
        [61, 'b', 0],
      ],
    ],
    [
      'the same in half a minute',
      false,
      [
        [0, 'a', 3],
        [1, 'b', 2],
        [10, 'a', 0],
        [15, 'b', 0],
        [20, 'a', 0],
        [31, 'b', 0],
      ],
    ],
    [
      'words taken out and written anew, no more than before',
      true,
      [
        [0, 'amount', 4],
        [20, 'amount', 0],
        [30, 'amount', 3],
        [50, 'amount', 0],
        [65, 'amount', 4],
      ],
    ],
    [
      'one new field in between',
      false,
      [
        [0, 'a', 3],
        [20, 'a', 0],
        [30, 'a', 0],
        [50, 'b', 1],
        [60, 'a', 0],
        [65, 'a', 0],
        [70, 'a', 0],
      ],
    ],
    [
      'a look after lunch',
      false,
      [
        [0, 'a', 3],
        [3_600, 'a', 0],
      ],
    ],
  ])('%s: %s', (_, expected, moves) => {
    expect(stuck(...moves)).toBe(expected)
  })
})
