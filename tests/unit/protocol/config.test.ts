import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import {
  type AskletConfig,
  type Config,
  checkConfig,
  parseConfig,
  readConfig,
} from '../../../src/protocol/config'
import { plainConfig } from '../../../src/protocol/plainConfig'

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
    expect(message).toContain('theme must be ("auto" | "light" | "dark" | "host"), got "blue"')
  })

  test('a priority is one of four', () => {
    const file = { priorities: { categories: { payment: 'asap' }, roles: { partner: 'urgent' } } }
    expect(checkConfig(file)).toEqual([
      {
        path: 'priorities.categories.payment',
        sentence: 'priorities.categories.payment must be ("low" | "normal" | "high" | "urgent"), got "asap".',
      },
    ])
  })

  test('hours are clock times', () => {
    const message = messageOf(() =>
      parseConfig({ hours: { zone: 'UTC', week: { mon: [['9', '17:00']] } } }, 'asklet.json'),
    )
    expect(message).toContain('hours.week.mon.0.0 must be a time such as "09:00", got "9"')
  })

  test('an offer leads to one thing, and names a signal where it waits for one', () => {
    const good = [
      { on: 'signal', signal: 'checkoutFailed', text: 'Why?', ask: 'Why?' },
      { on: 'rageClicks', pages: ['/pay/*'], roles: ['client'], text: 'Stuck?', article: 'pay/how' },
    ]
    expect(parseConfig({ offers: good }, 'asklet.json').config.offers).toEqual(good)
    expect(plainConfig(JSON.stringify({ offers: good }))?.offers).toEqual(good)
    const message = messageOf(() =>
      parseConfig(
        {
          offers: [
            { on: 'hover', text: 'Stuck?', article: 'a' },
            { on: 'signal', text: 'Stuck?', article: 'a' },
            { on: 'stalledStep', text: 'Stuck?', article: 'a', question: 'b' },
            { on: 'stalledStep', text: '', article: 'a' },
          ],
        },
        'asklet.json',
      ),
    )
    expect(message).toContain(
      'offers.0.on must be ("signal" | "errorRepeated" | "stalledStep" | "rageClicks"), got "hover"',
    )
    expect(message).toMatch(/offers\.1 must be made of one of article, question and ask, with signal/)
    expect(message).toMatch(/offers\.2 must be made of one of/)
    expect(message).toContain('offers.3.text must be 1 to 200 characters, got ""')
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
      checkConfig({
        hours,
        texts: { retry: { one: 5 }, thanks: 7 },
        colour: 'red',
        channels: { live: true, fax: true },
        policyTopics: [{ topic: 'legal', words: [], word: 'sue' }],
        $schema: 'x',
      }),
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
      { path: 'channels.fax', sentence: 'channels.fax is a key that nobody reads. Misspelt?' },
      {
        path: 'policyTopics[0].word',
        sentence: 'policyTopics[0].word is a key that nobody reads. Misspelt?',
      },
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

  test('what a language model may propose is listed by name; what it takes too', () => {
    const answer = {
      url: 'https://help.example',
      actions: {
        lookup: {
          does: 'Looks up a withdrawal',
          sends: { withdrawal: 'Withdrawal number' },
          says: '{withdrawal} is {status}.',
        },
      },
    }
    expect(parseConfig({ answer }, 'asklet.json').config.answer).toEqual(answer)
    expect(checkConfig({ answer: { url: '/', model: 'x', actions: { lookup: { sends: [] } } } })).toEqual([
      {
        path: 'answer.actions.lookup.does',
        sentence: expect.stringMatching(/must be string, got undefined/),
      },
      { path: 'answer.actions.lookup.sends', sentence: expect.stringMatching(/must be an object/) },
      { path: 'answer.model', sentence: 'answer.model is a key that nobody reads. Misspelt?' },
    ])
    expect(checkConfig({ answer: { url: '/', key: 'sk-1' } })).toHaveLength(1)
  })

  test('the key of a model in this public file is refused, and not repeated', () => {
    const message = messageOf(() => parseConfig({ answer: { url: '/', key: 'sk-1' } }, 'asklet.json'))
    expect(message).toContain('answer.key must be left out, because this file is public')
    expect(message).not.toContain('sk-1')
  })

  test.each([
    '',
    ' ',
    7,
    'ftp://help.example',
    'javascript:alert(1)',
    'https://',
    'https://user:secret@help.example',
    'https://help.example/?key=1',
    'https://api.example/v1/chat/completions',
  ])('who words answers is an Asklet server: %j is not one', url => {
    expect(messageOf(() => parseConfig({ answer: { url } }, 'asklet.json'))).toMatch(
      /answer\.url must be the address of your Asklet server, as "https:\/\/help\.example" or "\/", which knows model and key, got /,
    )
  })

  test.each(
    ['/', '', 'https://help.example', 'http://127.0.0.1:8787', '../help', '//help.example/desk'].filter(
      Boolean,
    ),
  )('who words answers may stand at %s', url => {
    expect(parseConfig({ answer: { url } }, 'asklet.json').config.answer).toEqual({ url })
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

describe('the first look at asklet.json, without the schema', () => {
  test('what is plainly right is the same as the schema reads', () => {
    const file = {
      name: 'Ask us',
      knowledge: 'help/manifest.json',
      search: { url: 'https://help.example' },
      contact: { email: 'a@b.example' },
      channels: { live: false },
      texts: { retry: 'Again', 'search.results': { one: 'one', other: 'many' } },
      policyTopics: [{ topic: 'refunds', words: ['refund'] }],
      maxWaitMinutes: 4,
      tickets: { reopenWithinDays: 14 },
      priorities: { roles: { partner: 'high' } },
      serviceLevels: { default: { firstResponseMinutes: 60 }, priorities: { urgent: 0.5 } },
    }
    expect(plainConfig(JSON.stringify(file))).toEqual(parseConfig(file, 'asklet.json').config)
    expect(plainConfig({})).toEqual(parseConfig({}, 'asklet.json').config)
  })

  test('what the page has put on every object is no setting of the site', () => {
    Object.assign(Object.prototype, { search: { url: 'https://elsewhere.example/' } })
    try {
      expect(plainConfig('{"knowledge": "/help/manifest.json"}')?.search).toBeUndefined()
    } finally {
      Reflect.deleteProperty(Object.prototype, 'search')
    }
  })

  test.each([
    ['a misspelt key', '{"colour": "red"}'],
    ['a wrong type', '{"enabled": "yes"}'],
    ['a wrong type further in', '{"policyTopics": [{"topic": "x", "words": [7]}]}'],
    ['null for an object', '{"contact": null}'],
    ['a key of Object.prototype', '{"__proto__": {"enabled": false}}'],
    ['an array', '[]'],
    ['no object', '7'],
    ['a page', '<!doctype html>'],
    ['nothing', ''],
    ['who words answers', '{"answer": {"url": "https://help.example"}}'],
    ['who words answers, at no address', '{"answer": {"url": ""}}'],
    ['who words answers, by a script', '{"answer": {"url": "javascript:1"}}'],
    ['who words answers, past the server', '{"answer": {"url": "https://api.example/chat/completions"}}'],
  ])('%s is left to the schema', (_, text) => {
    expect(plainConfig(text)).toBeNull()
  })

  test('what passes is never of a wrong type: the schema may miss nothing but better words and numbers', () => {
    const any = fc.oneof(fc.jsonValue(), fc.constantFrom('', 'auto', true, {}, [], ['a'], [{}], 3))
    const key = fc.constantFrom(
      ...[
        'enabled',
        'name',
        'server',
        'search',
        'answer',
        'theme',
        'contact',
        'channels',
        'policyTopics',
        'images',
      ],
      ...[
        'origins',
        'url',
        'journal',
        'maxWaitMinutes',
        'locale',
        'email',
        'live',
        'topic',
        'words',
        '__proto__',
      ],
    )
    const part = fc.oneof(any, fc.dictionary(key, any), fc.array(fc.dictionary(key, any)))
    fc.assert(
      fc.property(fc.dictionary(key, part), file => {
        if (!plainConfig(file)) return
        for (const { path, sentence } of checkConfig(file))
          expect(`${path}: ${sentence}`).toMatch(
            /must be \("auto"|must be \("comfortable"|at most 500|a number, 1 or more, got [-\d.]|\.topic must be string, got undefined|\.words must be an array, got undefined|search\.url must be string, got undefined/,
          )
      }),
      { numRuns: 2_000 },
    )
  })
})
