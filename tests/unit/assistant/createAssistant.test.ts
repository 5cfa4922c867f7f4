// The assistant without a window: verbs, events and state in plain Node, over providers of the host.
import { describe, expect, test } from 'vitest'
import { articleOf } from '../../../demo/states/script/articleOf'
import { createCommands } from '../../../src/assistant/commands'
import { assembleAssistant } from '../../../src/assistant/createAssistant'
import { type AssistantOptions, checkOptions } from '../../../src/assistant/options'
import { createEnvironment } from '../../../src/base/environment'
import { watchRoute } from '../../../src/base/route'
import type { BotProvider } from '../../../src/bot/botProvider'
import type { Facts } from '../../../src/protocol/facts'
import type { SearchProvider } from '../../../src/search/searchProvider'

const article = articleOf({ id: 'payments/refund', title: 'Get a refund' })

function start(options: AssistantOptions = {}) {
  const asked: { query: string; facts: Facts }[] = []
  const search: SearchProvider = {
    async suggest(query, facts) {
      asked.push({ query, facts })
      return []
    },
    passages: async () => [],
    article: async id => {
      if (id !== article.id) throw new Error(`no ${id}`)
      return article
    },
  }
  const requests: string[] = []
  const environment = {
    ...createEnvironment(),
    fetch: (async (address: RequestInfo | URL) => {
      requests.push(String(address))
      return new Response('{}', { status: 404 })
    }) as typeof fetch,
  }
  const assistant = assembleAssistant(
    { config: { name: 'Help' }, search, ...options },
    { environment, face: null, check: checkOptions, watchRoute },
  )
  return { assistant, asked, requests }
}

describe('the assistant without a window', () => {
  test('requests nothing before anybody asks', async () => {
    const { requests } = start({ config: 'https://shop.example/asklet.json' })
    await Promise.resolve()
    expect(requests).toEqual([])
  })

  test('suggests with the role that identify told, from the next question on', async () => {
    const { assistant, asked } = start({ visitor: { role: 'client' } })
    await assistant.suggest('card')
    assistant.identify({ role: 'freelancer', attributes: { plan: 'pro' } })
    await assistant.suggest('card')
    expect(asked.map(({ facts }) => facts.visitor.role)).toEqual(['client', 'freelancer'])
    expect(asked[1]?.facts.visitor.attributes).toEqual({ plan: 'pro' })
  })

  test('a host hears that an article was opened, until it stops listening', async () => {
    const { assistant } = start()
    const heard: string[] = []
    const undo = assistant.on('articleOpened', ({ title }) => void heard.push(title))
    expect(await assistant.article('payments/refund')).toBe(article)
    await new Promise(done => setTimeout(done))
    undo()
    await assistant.article('payments/refund')
    expect(heard).toEqual(['Get a refund'])
  })

  test('an article that is not there rejects, and opens nothing', async () => {
    const { assistant } = start()
    await expect(assistant.article('gone')).rejects.toThrow('no gone')
    expect(assistant.isOpen.value).toBe(false)
  })

  test('signing out of a site whose help nobody opened requests nothing', async () => {
    const { assistant, asked, requests } = start({ config: 'https://shop.example/asklet.json' })
    await assistant.logout()
    await assistant.reset()
    expect([...requests, ...asked]).toEqual([])
  })

  test.for([['en_US'], ['english please'], ['']])(
    'starts in a language written as "%s"',
    async ([locale = '']) => {
      const { assistant, asked } = start({ locale })
      assistant.open()
      await assistant.suggest('card')
      expect(asked.at(-1)?.facts.visitor.locale).toMatch(/^en(-US)?$/)
    },
  )

  test('after destroy no verb asks for suggestions or articles', async () => {
    const { assistant, asked } = start()
    assistant.destroy()
    expect(await assistant.suggest('card')).toEqual([])
    await expect(assistant.article('payments/refund')).rejects.toThrow('Asklet [destroyed]')
    expect(asked).toEqual([])
  })

  test.for([['identify'], ['logout']] as const)(
    'the article that one user read does not stand open for the next one (%s)',
    async ([verb]) => {
      const opened: unknown[] = []
      const { assistant } = start({ visitor: { id: 'u-1' } })
      assistant.on('opened', ({ view }) => void opened.push(view))
      await assistant.article('payments/refund')
      await new Promise(done => setTimeout(done))
      if (verb === 'logout') await assistant.logout()
      else assistant.identify({ id: 'u-2' })
      assistant.close()
      assistant.open()
      expect(opened, 'the article is closed').toEqual(['article', 'home'])
    },
  )

  test.for([['logout'], ['forgetDevice']] as const)(
    'who signs in while a %s that nobody awaited is under way stays signed in',
    async ([verb]) => {
      const { assistant, asked } = start({ visitor: { id: 'ada', role: 'client' } })
      const done = assistant[verb]()
      assistant.identify({ id: 'bob', role: 'freelancer' })
      await done
      await assistant.suggest('card')
      expect(asked.at(-1)?.facts.visitor.role).toBe('freelancer')
    },
  )

  test('after logout, awaited or not, nobody is known, and the article of the one before is closed', async () => {
    const { assistant, asked } = start({ visitor: { id: 'ada', role: 'client' } })
    const opened: unknown[] = []
    assistant.on('opened', ({ view }) => void opened.push(view))
    await assistant.article('payments/refund')
    await new Promise(done => setTimeout(done))
    void assistant.logout()
    assistant.close()
    assistant.open()
    await assistant.suggest('card')
    expect(asked.at(-1)?.facts.visitor.role).toBeUndefined()
    expect(opened).toEqual(['article', 'home'])
  })

  test('an event that a page hands to a verb is neither a view nor a question', async () => {
    const { assistant, asked } = start()
    const event = { isTrusted: true } as never
    assistant.open(event)
    await assistant.ask(event)
    await assistant.suggest(event)
    assistant.search(event)
    expect(asked.map(({ query }) => query).filter(query => query !== '')).toEqual([])
  })

  test('its state can be read and watched', () => {
    const { assistant } = start()
    const seen: boolean[] = []
    const undo = assistant.isOpen.subscribe(isOpen => seen.push(isOpen))
    assistant.open()
    assistant.toggle()
    undo()
    assistant.open()
    expect(seen).toEqual([false, true, false])
    expect(assistant.phase.value).toBe('bot')
  })

  test('a configuration that says "enabled": false ends it at the first intent', async () => {
    const { assistant } = start({ config: { enabled: false } })
    const heard: string[] = []
    assistant.on('destroyed', () => void heard.push('destroyed'))
    assistant.open()
    await new Promise(done => setTimeout(done))
    expect(heard).toEqual(['destroyed'])
  })

  test('after destroy every verb is silent', async () => {
    const { assistant } = start()
    assistant.destroy()
    assistant.destroy()
    assistant.open()
    await assistant.ask('hello')
    expect(assistant.isOpen.value).toBe(false)
  })

  test('a wrong option of update or identify is a sentence', () => {
    const { assistant } = start()
    expect(() => assistant.update({ theme: 'blue' as never })).toThrow(
      'options.theme must be "auto", "light", "dark", "host", got "blue".',
    )
    expect(() => assistant.identify('client' as never)).toThrow('options.visitor must be an object')
    expect(() => assistant.registerAction('look', (() => {}) as never)).toThrow(
      'action "look" must be { label, run }, got function.',
    )
  })
})

describe('the one function of the script tag', () => {
  test('an unknown verb is a sentence in the console, not an exception in the page', () => {
    const { assistant } = start()
    const run = createCommands(assistant)
    const said: unknown[] = []
    const { error } = console
    console.error = (...words) => said.push(...words)
    expect(run('opne')).toBeUndefined()
    expect(run('constructor')).toBeUndefined()
    console.error = error
    expect(said[0]).toMatch(/\[verb_unknown\]: "opne" is not a verb\. Known are: open, close, /)
    expect(said).toHaveLength(2)
  })

  test('a verb is a method of the assistant', () => {
    const { assistant } = start()
    const run = createCommands(assistant)
    run('open')
    expect(assistant.isOpen.value).toBe(true)
  })
})

/** Keeps a word of each turn in its state; `known` is what it knew at each. */
function rememberingBot() {
  const known: (string | undefined)[] = []
  const bot: BotProvider = {
    answer: async (_input, state) => {
      known.push(state.slots.told?.value)
      const slots = { told: { label: 'Told', value: `words ${known.length}` } }
      return { turn: { messages: [], choices: [] }, state: { ...state, slots } }
    },
  }
  return { bot, known }
}

test('[D12] what one user told the bot is not there when another signs in; a guest who signs in keeps it', async () => {
  const { bot, known } = rememberingBot()
  const { assistant } = start({ bot })
  await assistant.ask('as a guest')
  assistant.identify({ id: 'ada' })
  await assistant.ask('as Ada')
  assistant.identify({ id: 'bob' })
  await assistant.ask('as Bob')
  expect(known).toEqual([undefined, 'words 1', undefined])
  assistant.destroy()
})

test('[D12] what one user told the bot is not there for who signs in behind a logout that nobody awaited', async () => {
  const { bot, known } = rememberingBot()
  const { assistant } = start({ bot, visitor: { id: 'ada' } })
  await assistant.ask('as Ada')
  const done = assistant.logout()
  assistant.identify({ id: 'bob' })
  await done
  await assistant.ask('as Bob')
  expect(known).toEqual([undefined, undefined])
  assistant.destroy()
})
