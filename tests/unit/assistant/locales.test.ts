// Which words a visitor gets: best fit, order of precedence, and what is left when a file does not come.
import { describe, expect, test } from 'vitest'
import { assembleAssistant, type Face } from '../../../src/assistant/createAssistant'
import { type LocaleRequest, loadLocale, SHIPPED_LOCALES } from '../../../src/assistant/locales'
import { type AssistantOptions, checkOptions } from '../../../src/assistant/options'
import { createEnvironment } from '../../../src/base/environment'
import { bestFit, directionOf } from '../../../src/base/locales'
import { watchRoute } from '../../../src/base/route'
import { createTexts, type Texts } from '../../../src/base/texts'

const request = (
  given: Partial<LocaleRequest> & { wanted: string },
): LocaleRequest & { errors: string[] } => {
  const errors: string[] = []
  return {
    own: [],
    hasOwnTexts: false,
    address: relative => `https://site.example/help/${relative}`,
    fetch: async () => new Response('{}', { status: 404 }),
    onError: error => void errors.push((error as Error).message),
    errors,
    ...given,
  }
}
const textsOf = async (given: LocaleRequest, insteadOf = {}): Promise<Texts> => {
  const { locale, maps } = await loadLocale(given)
  return createTexts(locale, ...maps(insteadOf))
}

describe('the language that serves a visitor best', () => {
  test.each([
    ['pt-PT', 'pt'],
    ['de-AT', 'de'],
    ['PT-br', 'pt'],
    ['he-IL', 'he'],
    ['en-GB', 'en'],
    ['nl', undefined],
  ])('%s is served by %s', (wanted, fit) => {
    expect(bestFit(wanted, SHIPPED_LOCALES)).toBe(fit)
  })

  test('the nearer tag goes first, and a neighbour is better than none', () => {
    expect(bestFit('zh-Hant-HK', ['zh', 'zh-Hant'])).toBe('zh-Hant')
    expect(bestFit('pt', ['de', 'pt-BR'])).toBe('pt-BR')
    expect(bestFit('de', ['den'])).toBeUndefined()
  })

  test('Arabic, Hebrew and their like run from the right, also by script', () => {
    expect(['ar', 'ar-EG', 'he', 'fa', 'ur-PK', 'pa-Arab'].map(directionOf)).toEqual(Array(6).fill('rtl'))
    expect(['en', 'de', 'ja', 'arn', 'ku-Latn', 'ur-Latn'].map(directionOf)).toEqual(Array(6).fill('ltr'))
  })
})

describe('words of another language', () => {
  test('Austrian German is German, with Austrian numbers and times', async () => {
    const found = await loadLocale(request({ wanted: 'de-AT' }))
    expect(found).toMatchObject({ locale: 'de-AT', dir: 'ltr' })
    expect((await textsOf(request({ wanted: 'de-AT' })))('launcher.label')).toBe('Hilfe')
  })

  test('what is not shipped is English, called so, and runs its way', async () => {
    expect(await loadLocale(request({ wanted: 'fa' }))).toMatchObject({ locale: 'en', dir: 'ltr' })
  })

  test('a site without people promises none, in its language too', async () => {
    const texts = await textsOf(request({ wanted: 'de' }), { 'bot.offerPerson': 'alone:bot.offerPerson' })
    const others = await textsOf(request({ wanted: 'de' }))
    expect(texts('bot.offerPerson')).not.toBe(others('bot.offerPerson'))
  })

  test("the site's own language, from its file: options before configuration, its words before those shipped", async () => {
    const fetched: string[] = []
    const given = request({
      wanted: 'de-CH',
      own: [undefined, { nl: 'texts/nl.json', 'de-CH': 'texts/ch.json' }],
      fetch: async url => {
        fetched.push(String(url))
        return Response.json({ 'launcher.label': 'Hilf mir' })
      },
    })
    const texts = await textsOf(given)
    expect(fetched).toEqual(['https://site.example/help/texts/ch.json'])
    expect(texts('launcher.label')).toBe('Hilf mir')
    expect(texts('panel.back')).toBe('Zurück')
    const both = await textsOf({ ...given, own: [{ de: { 'launcher.label': 'Frag uns' } }, ...given.own] })
    expect(both('launcher.label')).toBe('Frag uns')
  })

  test.each([
    [{ 'launcher.label': 3 }, /nl\.json: "launcher.label" must be a string, or forms .* got 3/],
    [{ 'search.results': { one: 'x' } }, /"search.results" must be .* at least "other"/],
    [{ 'search.results': { one: 1, other: 'x' } }, /"search.results.one" must be a string, got 1/],
    [['x'], /nl\.json must be an object of texts, got an array/],
  ])('%j is no file of texts: what, got, fix; and English is left', async (json, sentence) => {
    const given = request({
      wanted: 'nl',
      own: [{ nl: 'nl.json' }],
      fetch: async () => Response.json(json),
    })
    expect(await loadLocale(given)).toMatchObject({ locale: 'en' })
    expect(given.errors[0]).toMatch(sentence)
  })

  test('a file that is not there is named, and the shipped words stand', async () => {
    const given = request({ wanted: 'fr', own: [{ fr: 'fr.json' }] })
    expect((await textsOf(given))('panel.back')).toBe('Retour')
    expect(given.errors).toEqual([
      expect.stringContaining('https://site.example/help/fr.json, the texts of locales.fr, answered 404'),
    ])
  })
})

describe('an assistant in the language of its visitor', () => {
  function start(options: AssistantOptions) {
    const labels: (string | undefined)[] = []
    let mounted: { texts: Texts; settings(): { locale: string; dir: string } } | undefined
    let isMounted = () => {}
    const shown = new Promise<void>(resolve => {
      isMounted = resolve
    })
    const face: Face = {
      async mount(panel, texts) {
        mounted = { texts, settings: () => panel.settings.value }
        isMounted()
        return () => {}
      },
      show: (_, label) => void labels.push(label),
      setOpen() {},
      setProblem() {},
      remove() {},
    }
    const assistant = assembleAssistant(options, {
      environment: createEnvironment(),
      face,
      check: checkOptions,
      watchRoute,
    })
    return {
      assistant,
      labels,
      shown,
      said: (key: string) => mounted?.texts(key),
      settings: () => mounted?.settings(),
    }
  }

  test('the panel is drawn in German at once, and never called anything else', async () => {
    const { assistant, labels, shown, said } = start({ config: { locale: 'de' }, locale: 'de' })
    assistant.open()
    await shown
    expect(said('panel.back')).toBe('Zurück')
    expect(labels.filter(label => label !== undefined && label !== 'Hilfe')).toEqual([])
    assistant.destroy()
  })

  test('texts of the host, then its own language, then the shipped, then English', async () => {
    const { assistant, shown, said } = start({
      config: {
        locale: 'de',
        texts: { 'panel.close': 'Zu!' },
        locales: { de: { 'panel.back': 'Rückwärts' } },
      },
      texts: { 'home.greeting': 'Moin' },
    })
    assistant.open()
    await shown
    expect(['home.greeting', 'panel.close', 'panel.back', 'retry'].map(said)).toEqual([
      'Moin',
      'Zu!',
      'Rückwärts',
      'Erneut versuchen',
    ])
    assistant.destroy()
  })

  test('another language while it runs: texts and direction follow', async () => {
    const { assistant, shown, said, settings } = start({ config: {}, locale: 'en' })
    assistant.open()
    await shown
    expect([said('panel.back'), settings()?.dir]).toEqual(['Back', 'ltr'])
    assistant.update({ locale: 'ar' })
    await expect.poll(() => settings()?.dir).toBe('rtl')
    assistant.update({ locale: 'en' })
    await expect.poll(() => said('panel.back')).toBe('Back')
    expect(settings()).toMatchObject({ locale: 'en', dir: 'ltr' })
    assistant.destroy()
  })
})
