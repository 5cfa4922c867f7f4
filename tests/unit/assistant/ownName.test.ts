// Two assistants of a page never remember under one name.
import { expect, test } from 'vitest'
import { spareNames } from '../../../src/assistant/diagnose/spareNames'
import { takeName } from '../../../src/assistant/ownName'

const page = () => ({}) as Document

test('the only one needs no name, and leaves the document as it was', () => {
  const document = page()
  const own = takeName(document, '')
  expect(own).toMatchObject({ name: '', isSpare: false })
  expect(Object.keys(document)).toEqual([])
  own.release()
  expect(Reflect.ownKeys(document)).toEqual([])
})

test('a second one without a name gets a spare one, and the first name is free again after its end', () => {
  const document = page()
  const first = takeName(document, '')
  const second = takeName(document, '')
  expect(second).toMatchObject({ name: '~2', isSpare: true })
  expect(takeName(document, '')).toMatchObject({ name: '~3', isSpare: true })
  first.release()
  expect(takeName(document, '')).toMatchObject({ name: '', isSpare: false })
})

test('names of their own are kept, and those of another page are none of ours', () => {
  const document = page()
  expect(takeName(document, 'partner')).toMatchObject({ name: 'partner', isSpare: false })
  expect(takeName(document, '')).toMatchObject({ name: '', isSpare: false })
  expect(takeName(document, 'partner')).toMatchObject({ name: 'partner~2', isSpare: true })
  expect(takeName(page(), 'partner')).toMatchObject({ name: 'partner', isSpare: false })
})

test('a frozen document, and none, hinder nobody', () => {
  expect(takeName(Object.freeze(page()), '')).toMatchObject({ name: '', isSpare: false })
  expect(takeName(null, 'partner')).toMatchObject({ name: 'partner', isSpare: false })
})

test('only a name that somebody had first is spare: several assistants with names of their own are none too many', () => {
  const document = page()
  expect(spareNames(document)).toEqual([])
  for (const name of ['', 'partner', 'sellers']) takeName(document, name)
  expect(spareNames(document)).toEqual([])
  const second = takeName(document, 'partner')
  takeName(document, '')
  expect(spareNames(document)).toEqual(['partner~2', '~2'])
  second.release()
  expect(spareNames(document)).toEqual(['~2'])
})
