// What is said around a value that is seen: in the order of the language, and the value once.

import type { VNode } from 'preact'
import { expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { Heard } from '../../../src/ui/Heard'

const partsOf = (words: string) => {
  const texts = createTexts('en', { words })
  const { children } = Heard({ texts, as: 'words', place: 'name', children: '*' }).props as {
    children: readonly (VNode<{ children: string }> | string)[]
  }
  return children.map(each => (typeof each === 'object' ? each.props.children : each))
}

test.each([
  ['Download {name}', ['Download ', '*', '']],
  ['{name} herunterladen', ['', '*', ' herunterladen']],
  // No mark that sets apart is left on one side only.
  ['تنزيل {name}', ['تنزيل ', '*', '']],
  // What a site wrote when there was no place in it.
  ['Fetch', ['Fetch ', '*', undefined]],
])('%s', (words, parts) => {
  expect(partsOf(words)).toEqual(parts)
})
