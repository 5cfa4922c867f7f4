import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  atLeast,
  bool,
  either,
  list,
  matching,
  object,
  oneOf,
  optional,
  pair,
  read,
  record,
  shortText,
  text,
} from '../../../src/base/shape'

test('every problem is told with path, wish and what was got', () => {
  const shape = object({
    name: shortText(3),
    tags: list(text),
    at: pair(atLeast(0)),
    mood: optional(oneOf('a')),
  })
  expect(read(shape, { name: 'long', tags: ['x', 1], at: [1], mood: 'b' }).problems).toEqual([
    { path: 'name', wanted: 'at most 3 characters', got: 'long' },
    { path: 'tags.1', wanted: 'string', got: 1 },
    { path: 'at', wanted: 'an array of 2', got: [1] },
    { path: 'mood', wanted: '("a")', got: 'b' },
  ])
})

test('a wrong value is one problem, not two', () => {
  for (const shape of [shortText(3), pair(text), list(text), object({ a: text }), record(text)])
    expect(read<unknown>(shape, 7).problems).toHaveLength(1)
})

test('what is left out gets its default, or stays out', () => {
  const shape = object({ on: optional(bool, true), off: optional(bool) })
  expect(read(shape, {})).toEqual({ value: { on: true }, problems: [] })
  expect(Object.keys(read(shape, {}).value)).toEqual(['on'])
  expect(read(object({ must: bool }), {}).problems).toEqual([
    { path: 'must', wanted: 'boolean', got: undefined },
  ])
})

test('keys nobody asked for are dropped; inherited ones are not read', () => {
  expect(read(object({ toString: optional(text) }), { more: 1 }).value).toEqual({})
  const { value } = read(object({ a: object({ b: optional(text) }) }), { a: {} })
  expect([Object.getPrototypeOf(value), Object.getPrototypeOf(value.a)]).toEqual([null, null])
})

test('a map has no prototype: "__proto__" is a key like others', () => {
  const { value } = read(record(text), JSON.parse('{"__proto__": "x"}'))
  expect(Object.getPrototypeOf(value)).toBeNull()
  expect(Object.keys(value)).toEqual(['__proto__'])
})

test('of two shapes the first that fits is taken, and a fault inside the second is named', () => {
  const shape = either(text, record(text))
  expect(read(shape, 'x')).toEqual({ value: 'x', problems: [] })
  expect(read(shape, { a: 'x' }).problems).toEqual([])
  expect(read(shape, 7).problems).toEqual([{ path: '', wanted: 'string or an object', got: 7 }])
  expect(read(shape, { a: 7 }).problems).toEqual([{ path: 'a', wanted: 'string', got: 7 }])
})

test('no value at all makes a shape throw', () => {
  const shape = object({ a: list(pair(matching(/x/, 'an x'))), b: record(either(text, record(atLeast(1)))) })
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), value => read(shape, value).problems.length > 0),
  )
})
