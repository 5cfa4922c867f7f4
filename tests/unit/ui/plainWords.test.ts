// What a visitor reads is plain: short sentences, one thing at a time. Of our own English texts and of the guided help
// that is shipped and shown; a person reads the rest.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Longer ones are read twice. */
const MAX_WORDS = 20

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const inFolder = (folder: string, name: RegExp) =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter(file => name.test(file))
    .map(file => join(folder, file))

const sentences = (text: string) => text.split(/(?<=[.!?:;])\s+/)
const wordsOf = (sentence: string) => sentence.split(/\s+/).filter(word => /\p{L}/u.test(word))
const tooLong = (text: string) => sentences(text).filter(each => wordsOf(each).length > MAX_WORDS)

const texts = [
  ...inFolder('src/assistant/texts', /(^|\.)en\.json$/),
  ...inFolder('src/ui', /\.en\.json$/),
].flatMap(file =>
  Object.entries(read(file) as Record<string, string | Record<string, string>>).flatMap(([key, text]) =>
    (typeof text === 'string' ? [text] : Object.values(text)).map(each => ({
      at: `${file} ${key}`,
      text: each,
    })),
  ),
)

interface Flow {
  readonly steps: Readonly<Record<string, { readonly say?: string }>>
}
const flows = [...inFolder('demo/help/flows', /\.json$/), ...inFolder('packs', /\.json$/)]
const said = flows.flatMap(file =>
  Object.entries((read(file) as Flow).steps ?? {}).flatMap(([step, { say }]) =>
    say ? [{ at: `${file} ${step}`, text: say }] : [],
  ),
)

test('there are texts and flows to look at', () => {
  expect(texts.length).toBeGreaterThan(200)
  expect(said.length).toBeGreaterThan(40)
})

test(`no sentence has more than ${MAX_WORDS} words`, () => {
  const long = [...texts, ...said].flatMap(({ at, text }) => tooLong(text).map(each => `${at}: ${each}`))
  expect(long).toEqual([])
})

test('one question at a time', () => {
  const double = [...texts, ...said].filter(({ text }) => (text.match(/\?/g)?.length ?? 0) > 1)
  expect(double).toEqual([])
})

test('the look finds what it looks for', () => {
  expect(tooLong(`One. ${'word '.repeat(MAX_WORDS + 1)}. Two.`)).toHaveLength(1)
  expect(tooLong('One. Two words: three more words.')).toEqual([])
})
