import { expect, test } from 'vitest'
import { type Manifest, parseManifest, pickLocale } from '../../../src/knowledge/manifest'

const manifest: Manifest = {
  version: 1,
  locales: [
    { locale: 'en', index: 'index-en-1.json', articles: 2, bytes: 10 },
    { locale: 'pt-BR', index: 'index-pt-br-1.json', articles: 1, bytes: 5 },
  ],
  roles: ['client'],
}

test('a manifest of this version is read, keys of a newer build are dropped', () => {
  expect(parseManifest({ ...manifest, sounds: 1 })).toEqual(manifest)
})

test.each([
  ['another version', { ...manifest, version: 2 }],
  ['no locales', { version: 1, roles: [] }],
  [
    'a file outside the folder',
    { ...manifest, locales: [{ ...manifest.locales[0], index: '../secret.json' }] },
  ],
  ['a file of another site', { ...manifest, flows: 'https://evil.example/x.json' }],
  ['a file above the folder', { ...manifest, flows: 'texts/../../x.json' }],
  ['nothing', null],
])('%s is refused with a sentence', (_, json) => {
  expect(() => parseManifest(json)).toThrow(
    /^Asklet \[index_shape\]: manifest.json must be .* Run "asklet build" again\.$/,
  )
})

test('a visitor gets the same language, else the site’s own', () => {
  expect(pickLocale(manifest, 'pt-PT')?.locale).toBe('pt-BR')
  expect(pickLocale(manifest, 'PT-br')?.locale).toBe('pt-BR')
  expect(pickLocale(manifest, 'fr')?.locale).toBe('en')
})
