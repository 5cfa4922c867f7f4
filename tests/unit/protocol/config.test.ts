import { describe, expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import {
  type AskletConfig,
  type Config,
  checkConfig,
  parseConfig,
  readConfig,
} from '../../../src/protocol/config'

const messageOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(AskletError)
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('asklet.json', () => {
  test('an empty file is a whole configuration', () => {
    expect(parseConfig({}, 'asklet.json').config).toEqual({ enabled: true, name: 'Help', journal: false })
  })

  test('a wrong type is named by path, wish and what was got', () => {
    const message = messageOf(() =>
      parseConfig({ enabled: 'yes', contact: { email: 7 }, theme: 'blue' }, 'https://x.example/asklet.json'),
    )
    expect(message).toContain('Asklet [config_shape]: https://x.example/asklet.json cannot be used:')
    expect(message).toContain('enabled must be boolean, got "yes"')
    expect(message).toContain('contact.email must be string, got 7')
    expect(message).toContain('theme must be ("auto" | "light" | "dark"), got "blue"')
  })

  test('hours are clock times', () => {
    const message = messageOf(() =>
      parseConfig({ hours: { zone: 'UTC', week: { mon: [['9', '17:00']] } } }, 'asklet.json'),
    )
    expect(message).toContain('hours.week.mon.0.0 must be a time such as "09:00", got "9"')
  })

  test('an unknown key is dropped and named', () => {
    const { config, unknown } = parseConfig({ colour: 'red', name: 'Ask us' }, 'asklet.json')
    expect(unknown).toEqual(['colour'])
    expect(config).not.toHaveProperty('colour')
  })

  test('an HTML error page instead of JSON is recognised', () => {
    expect(messageOf(() => readConfig('<!doctype html><p>Not found', '/asklet.json'))).toMatch(
      /\[config_syntax\]: \/asklet\.json is not JSON: .* It looks like an HTML page: is the address right\?/,
    )
  })

  test('a list of problems has a path that a tool can look up, misspelt keys among them', () => {
    const hours = { zone: 'UTC', week: { mon: [['9', '17:00']], montag: [] } }
    expect(
      checkConfig({ hours, texts: { retry: { one: 5 }, thanks: 7 }, colour: 'red', $schema: 'x' }),
    ).toEqual([
      { path: 'texts.retry.one', sentence: 'texts.retry.one must be string, got 5.' },
      { path: 'texts.thanks', sentence: 'texts.thanks must be string or an object, got 7.' },
      {
        path: 'hours.week.mon[0][0]',
        sentence: 'hours.week.mon.0.0 must be a time such as "09:00", got "9".',
      },
      {
        path: 'hours.week.montag',
        sentence:
          'hours.week.montag must be ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"), got "montag".',
      },
      { path: 'colour', sentence: 'colour is a key that nobody reads. Misspelt?' },
    ])
    expect(checkConfig([])).toEqual([
      { path: '', sentence: 'the file must be an object, got an array of 0.' },
    ])
  })

  test('the types say what the schema says', () => {
    const written: AskletConfig = { contact: { email: 'a@b.example' }, theme: 'dark' }
    const used: Config = { enabled: true, name: 'Help', journal: false }
    // @ts-expect-error the assistant's own form has its defaults
    const unfilled: Config = { name: 'Help' }
    // @ts-expect-error a theme that is none
    const blue: AskletConfig = { theme: 'blue' }
    expect([written, used, unfilled, blue]).toHaveLength(4)
  })

  test('a prototype in the file reaches nothing', () => {
    const { config } = readConfig(
      '{"__proto__": {"enabled": false}, "texts": {"__proto__": "x"}}',
      'asklet.json',
    )
    expect(config.enabled).toBe(true)
    expect(({} as Record<string, unknown>).enabled).toBeUndefined()
  })
})
