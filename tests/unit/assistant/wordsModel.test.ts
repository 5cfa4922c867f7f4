// In which words the assistant speaks while a language is on its way, once it is here, and where it does not come.
import { signal } from '@preact/signals-core'
import { describe, expect, test } from 'vitest'
import type { LocaleWords } from '../../../src/assistant/locales'
import { createWordsModel, type WordsParts } from '../../../src/assistant/wordsModel'
import type { TextMap } from '../../../src/base/texts'
import { createManualClock } from '../../../src/testing/manualClock'

function setUp(language: string, change: Partial<WordsParts> = {}) {
  const clock = createManualClock()
  const wanted = signal(language)
  const siteLocales = signal<readonly (Record<string, string> | undefined)[]>([])
  const siteTexts = signal<readonly TextMap[]>([])
  const asked: string[] = []
  const errors: unknown[] = []
  const arrive: Record<string, (words: TextMap) => Promise<void>> = {}
  const words = createWordsModel({
    wanted,
    siteLocales,
    siteTexts,
    ready: async () => {},
    loadLocale: ({ wanted: locale }) =>
      new Promise<LocaleWords>(resolve => {
        asked.push(locale)
        arrive[locale] = async map => {
          resolve({ key: locale, locale, dir: locale === 'ar' ? 'rtl' : 'ltr', maps: () => [map] })
          await new Promise(setImmediate)
        }
      }),
    clock,
    onError: error => errors.push(error),
    ...change,
  })
  return { words, wanted, siteLocales, siteTexts, asked, errors, arrive, clock }
}

describe('an English page', () => {
  test('asks for no language', async () => {
    const { words, asked } = setUp('en-GB')
    await words.settle()
    expect(asked).toEqual([])
    expect([words.locale.value, words.dir.value, words.isSettled.value]).toEqual(['en-GB', 'ltr', true])
  })

  test('asks where the site writes languages of its own: English may be among them', () => {
    const { words, siteLocales, asked } = setUp('en')
    siteLocales.value = [undefined, { en: 'texts/en.json' }]
    void words.load()
    expect(asked).toEqual(['en'])
  })
})

describe('a language on its way', () => {
  test('is English meanwhile, and called so', async () => {
    const { words, arrive } = setUp('ar')
    void words.load()
    expect([words.texts('panel.back'), words.locale.value, words.isSettled.value]).toEqual([
      'Back',
      'en',
      false,
    ])
    await arrive.ar?.({ 'panel.back': 'رجوع' })
    expect([words.texts('panel.back'), words.locale.value, words.dir.value, words.isSettled.value]).toEqual([
      'رجوع',
      'ar',
      'rtl',
      true,
    ])
  })

  test('is waited for, but not for ever: a window in English is better than none', async () => {
    const { words, clock } = setUp('de')
    let isSettled = false
    const settled = words.settle().then(() => {
      isSettled = true
    })
    clock.advance(1_499)
    await new Promise(setImmediate)
    expect(isSettled).toBe(false)
    clock.advance(1)
    await settled
  })

  test('that is overtaken by another one is not spoken when it comes late', async () => {
    const { words, wanted, arrive, asked } = setUp('de')
    const first = words.load()
    wanted.value = 'fr'
    await arrive.fr?.({ 'panel.back': 'Retour' })
    await arrive.de?.({ 'panel.back': 'Zurück' })
    await first
    expect(asked).toEqual(['de', 'fr'])
    expect([words.texts('panel.back'), words.locale.value]).toEqual(['Retour', 'fr'])
  })

  test('that does not come leaves English, and the developer hears why', async () => {
    const gone = new Error('no chunk')
    const { words, errors } = setUp('de', { loadLocale: () => Promise.reject(gone) })
    await words.settle()
    expect(errors).toEqual([gone])
    expect(words.texts('panel.back')).toBe('Back')
  })

  test('does not keep the window shut where the configuration does not come', async () => {
    const { words, asked, arrive } = setUp('de', { ready: () => Promise.reject(new Error('offline')) })
    const settled = words.settle()
    await new Promise(setImmediate)
    expect(asked).toEqual(['de'])
    await arrive.de?.({})
    await settled
  })
})

describe('another language while it runs', () => {
  test('is fetched only where words were asked for before', () => {
    const { words, wanted, siteLocales, asked } = setUp('en')
    wanted.value = 'de'
    expect(asked).toEqual([])
    void words.load()
    siteLocales.value = [{ de: 'texts/de.json' }]
    expect(asked).toEqual(['de', 'de'])
    words.dispose()
    wanted.value = 'fr'
    expect(asked).toEqual(['de', 'de'])
  })
})

describe('whose words count', () => {
  test("the site's, then the language, then English, of whatever part has come", async () => {
    const { words, siteTexts, arrive } = setUp('de')
    void words.load()
    await arrive.de?.({ 'panel.back': 'Zurück', 'panel.close': 'Schließen' })
    siteTexts.value = [{ 'panel.close': 'Zu!' }]
    words.add({ 'late.key': 'Late' })
    expect(['panel.back', 'panel.close', 'late.key'].map(key => words.texts(key))).toEqual([
      'Zurück',
      'Zu!',
      'Late',
    ])
  })

  test('words that stand in for others do so in every language', async () => {
    const maps = (insteadOf: Readonly<Record<string, string>>) => [
      Object.fromEntries(Object.entries(insteadOf).map(([key, other]) => [key, `German of ${other}`])),
    ]
    const { words } = setUp('de', {
      loadLocale: async () => ({ key: 'de', locale: 'de', dir: 'ltr', maps }),
    })
    await words.settle()
    words.add({ 'bot.offer': 'Shall I?' }, { 'bot.offer': 'alone:bot.offer' })
    words.add({}, { 'notice.intro': 'model:notice.intro' })
    expect(['bot.offer', 'notice.intro'].map(key => words.texts(key))).toEqual([
      'German of alone:bot.offer',
      'German of model:notice.intro',
    ])
  })
})
