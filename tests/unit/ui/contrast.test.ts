import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accentTokens, contrast, parseColour, type Rgb, readableOn, textOn } from '../../../src/ui/contrast'

const channel = fc.integer({ min: 0, max: 255 })
const colour = fc.tuple(channel, channel, channel)
const css = readFileSync(new URL('../../../src/ui/tokens.css', import.meta.url), 'utf8')

/** The values of a token in tokens.css: light first, then dark. */
function token(name: string): Rgb[] {
  const [, pair] = new RegExp(`--asklet-${name}: light-dark\\(([^)]+)\\);`).exec(css) ?? []
  if (!pair) throw new Error(`--asklet-${name} says no colour for light and dark`)
  return pair.split(', ').map(value => {
    const hex = /^#([\da-f]{3}|[\da-f]{6})$/.exec(value)?.[1]
    if (!hex) throw new Error(`--asklet-${name} is no plain colour: ${value}`)
    const long = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex
    const at = (i: number) => Number.parseInt(long.slice(2 * i, 2 * i + 2), 16)
    return [at(0), at(1), at(2)]
  })
}

const read = (value: string | undefined): Rgb => {
  const match = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(value ?? '')
  return [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])]
}

test('contrast is that of WCAG: 21 for black on white, 1 for equals, the same both ways', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5)
  expect(contrast([9, 99, 199], [9, 99, 199])).toBe(1)
  expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2)
  fc.assert(fc.property(colour, colour, (a, b) => contrast(a, b) === contrast(b, a)))
})

test('text on any accent reaches 4.5', () => {
  fc.assert(fc.property(colour, accent => contrast(textOn(accent), accent) >= 4.5))
})

test('a brand colour that carries white text keeps it', () => {
  expect(textOn([59, 76, 202])).toEqual([255, 255, 255])
  expect(textOn([255, 212, 0])).toEqual([0, 0, 0])
})

test('any colour becomes readable on any background where black or white would be', () => {
  fc.assert(
    fc.property(colour, colour, (a, background) => contrast(readableOn(a, background), background) >= 4.5),
  )
})

test('a colour that is readable already is left alone', () => {
  expect(readableOn([10, 20, 120], [255, 255, 255])).toEqual([10, 20, 120])
})

test('accent as text reaches 4.5 on every surface of tokens.css, and dark buttons stand out by 3', () => {
  const surfaces = {
    light: [token('surface')[0], token('raised')[0]],
    dark: [token('surface')[1], token('raised')[1]],
  }
  fc.assert(
    fc.property(colour, accent => {
      const tokens = accentTokens(accent)
      for (const theme of ['light', 'dark'] as const)
        for (const surface of surfaces[theme]) {
          if (!surface) throw new Error('missing surface')
          expect(contrast(read(tokens[`--link-${theme}`]), surface)).toBeGreaterThanOrEqual(4.5)
          if (theme === 'dark')
            expect(contrast(read(tokens['--fill-dark']), surface)).toBeGreaterThanOrEqual(3)
          expect(
            contrast(read(tokens[`--on-${theme}`]), read(tokens[`--fill-${theme}`])),
          ).toBeGreaterThanOrEqual(4.5)
        }
    }),
  )
})

test('texts, muted texts and warnings of both themes are readable on their surfaces', () => {
  for (const theme of [0, 1]) {
    for (const word of ['text', 'muted', 'danger'])
      for (const ground of ['surface', 'raised']) {
        const [a, b] = [token(word)[theme], token(ground)[theme]]
        expect(a && b && contrast(a, b), `${word} on ${ground}, theme ${theme}`).toBeGreaterThanOrEqual(4.5)
      }
    const [text, warning] = [token('text')[theme], token('warning')[theme]]
    expect(text && warning && contrast(text, warning)).toBeGreaterThanOrEqual(4.5)
  }
})

test('the edge of a field stands out by 3 on its ground, and words on a warning can be read', () => {
  for (const theme of [0, 1]) {
    const [edge, surface] = [token('field-line')[theme], token('surface')[theme]]
    expect(edge && surface && contrast(edge, surface)).toBeGreaterThanOrEqual(3)
    const [words, warning] = [token('on-warning')[theme], token('warning')[theme]]
    expect(words && warning && contrast(words, warning)).toBeGreaterThanOrEqual(4.5)
  }
})

test('each token of tokens.css is written once, light and dark beside each other', () => {
  const names = [...css.matchAll(/^ {2}(--asklet-[\w-]+):/gm)].map(match => match[1])
  expect(names.length).toBeGreaterThan(10)
  expect(names).toEqual([...new Set(names)])
})

test('colours are read in the spellings of getComputedStyle, and nothing else is guessed', () => {
  expect(parseColour('rgb(1, 2, 3)')).toEqual([1, 2, 3])
  expect(parseColour('rgba(1 2 3 / 0.5)')).toEqual([1, 2, 3])
  expect(parseColour('color(srgb 1 0 0)')).toBeNull()
  expect(parseColour('#00aaff')).toBeNull()
})
