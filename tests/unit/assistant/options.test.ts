import { describe, expect, test, vi } from 'vitest'
import { type AssistantOptions, checkOptions } from '../../../src/assistant/options'
import { checkPlainly } from '../../../src/assistant/plainOptions'
import { fromTag } from '../../../src/assistant/tagSettings'

const check = (options: unknown) => () => checkOptions(options as AssistantOptions)

describe('options of createAssistant', () => {
  test('all of them may be left out', () => {
    expect(check({})).not.toThrow()
    expect(check({ theme: undefined })).not.toThrow()
  })

  test('a misspelt option is named with the ones that exist', () => {
    expect(check({ colour: 'red' })).toThrow(/options\.colour is not an option\. Known are: .*accent/)
  })

  test('a wrong type says what was wanted and what was got', () => {
    expect(check({ headless: 'yes' })).toThrow('options.headless must be a boolean, got "yes".')
    expect(check({ theme: 'blue' })).toThrow(
      'options.theme must be "auto", "light", "dark", "host", got "blue".',
    )
    expect(check(null)).toThrow('createAssistant takes an object of options, got null.')
  })

  test('a class instead of an instance is recognised', () => {
    class Search {
      suggest() {}
      passages() {}
      article() {}
    }
    expect(check({ search: new Search() })).not.toThrow()
    expect(check({ search: Search })).toThrow(
      /missing: suggest\(\)|missing: suggest, passages, article; did you pass the class/,
    )
  })

  test('who words answers is an address, or one with what it may propose', () => {
    expect(check({ answer: 'https://help.example' })).not.toThrow()
    expect(check({ answer: { url: '/', actions: {} } })).not.toThrow()
    expect(check({ answer: { server: '/' } })).toThrow(
      'options.answer must be an address or { url, actions }, got an object.',
    )
    expect(fromTag({ answer: '/' }, '/asklet.json')).toEqual({ config: '/asklet.json', answer: '/' })
  })

  test('what opens help in the place of our button is a selector, an element or false', () => {
    for (const launcher of ['.help', false, { matches() {} }]) expect(check({ launcher })).not.toThrow()
    expect(check({ launcher: true })).toThrow(
      'options.launcher must be a CSS selector, an element or false, got true.',
    )
    expect(fromTag({ launcher: '.help' }, '/asklet.json')).toEqual({
      config: '/asklet.json',
      launcher: '.help',
    })
  })

  test('names of Object.prototype are not options', () => {
    expect(check({ constructor: 1 })).toThrow('options.constructor is not an option.')
    expect(check(JSON.parse('{"__proto__": 1}'))).toThrow('options.__proto__ is not an option.')
  })
})

describe('attributes of the script tag', () => {
  test('what the page has put on every object sends no words of visitors elsewhere', () => {
    const added = { answer: 'https://elsewhere.example', search: {}, role: 'admin' }
    Object.assign(Object.prototype, added)
    try {
      const options = fromTag(Object.create(null), '/asklet.json')
      expect([options.answer, options.search, options.visitor]).toEqual([undefined, undefined, undefined])
    } finally {
      for (const name of Object.keys(added)) Reflect.deleteProperty(Object.prototype, name)
    }
  })

  test('become options', () => {
    expect(fromTag({ role: 'client', theme: 'dark', accent: '#123' }, '/asklet.json')).toEqual({
      config: '/asklet.json',
      theme: 'dark',
      accent: '#123',
      visitor: { role: 'client' },
    })
  })

  test('a word that makes no sense is left out, and help stays', () => {
    expect(fromTag({ theme: 'blue', position: 'top' }, '/asklet.json')).toEqual({ config: '/asklet.json' })
  })
})

describe('what the verbs of a script tag are handed', () => {
  test('passes when it is plainly of its kind', () => {
    checkPlainly({ visitor: { role: 'client', attributes: { plan: 'pro' } } })
    checkPlainly({ theme: 'dark', texts: { retry: 'Again' } })
  })

  test('is refused at once, and the sentence follows in the console', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => checkPlainly({ locale: 7 } as never)).toThrow(/options_shape/)
    await vi.waitFor(() =>
      expect(said.mock.calls.flat()).toEqual([
        'Asklet [options_shape]: options.locale must be a string, got 7.',
      ]),
    )
    said.mockRestore()
  })
})
