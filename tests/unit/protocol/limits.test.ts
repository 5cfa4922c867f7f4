// The two ways to ask for a size agree on everything that a wire can bring.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitsIn, jsonBytes } from '../../../src/protocol/limits'

describe('[D19] how large a call is', () => {
  test('is the same question asked either way, for any JSON and any limit near its size', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: -30, max: 30 }), (value, off) => {
        const limit = jsonBytes(value) + off
        expect(fitsIn(value, limit)).toBe(off >= 0)
      }),
    )
  })

  test('counts what JSON makes longer: control characters, quotes, emoji, keys', () => {
    for (const value of [
      '\u0000'.repeat(50),
      '"'.repeat(50),
      '😀'.repeat(50),
      { ['\u0001'.repeat(50)]: -1.5e-300 },
    ])
      expect([fitsIn(value, jsonBytes(value)), fitsIn(value, jsonBytes(value) - 1)]).toEqual([true, false])
  })

  test('does not take bytes for an empty object, nor a date for one', () => {
    for (const value of [Buffer.alloc(40), { at: new Date(0) }])
      expect([fitsIn(value, jsonBytes(value)), fitsIn(value, jsonBytes(value) - 1)]).toEqual([true, false])
  })

  test('measures what nests deeper than it looks', () => {
    const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)
    expect([fitsIn(deep, 400), fitsIn(deep, 399)]).toEqual([true, false])
  })

  test('refuses what JSON refuses', () => {
    expect(() => fitsIn({ n: 1n }, 100)).toThrow(TypeError)
  })
})
