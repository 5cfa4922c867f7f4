// Where the page looks for who words its answers, and what a developer is told when nobody does.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ConversationParts, createConversation } from '../../../src/assistant/conversationParts'
import { createModelBot, modelTexts } from '../../../src/assistant/modelAnswers'
import { createEnvironment } from '../../../src/base/environment'
import { safeStorage } from '../../../src/base/safeStorage'
import { createTexts, type TextMap } from '../../../src/base/texts'
import { type BotProvider, EMPTY_BOT_STATE } from '../../../src/bot/botProvider'
import { createRecorder } from '../../../src/journal/recorder'
import { NO_REPLIES } from '../../../src/understanding/replies'
import { english } from '../../english'
import { factsOf } from '../bot/scene'

const bot: BotProvider = {
  answer: async (_input, state) => ({
    turn: {
      messages: [{ text: 'In the article’s words.', source: { kind: 'asklet' } }],
      choices: [],
      grounded: 'why?',
    },
    state,
  }),
}

async function scene(change: Partial<Pick<ConversationParts, 'answer' | 'config' | 'configUrl'>>) {
  const addresses: string[] = []
  const made = await createModelBot(
    bot,
    {
      environment: {
        after: () => () => {},
        fetch: async (address: string) => {
          addresses.push(address)
          return new Response('', { status: 503 })
        },
      },
      config: { name: 'Help' },
      configUrl: 'https://shop.example/help/asklet.json',
      actions: new Map(),
      texts: createTexts('en', english),
      getToken: async () => null,
      onError: () => {},
      ...change,
    } as unknown as ConversationParts,
    NO_REPLIES,
  )
  return {
    addresses,
    made,
    ask: () => (made ?? bot).answer({ kind: 'text', text: 'why?' }, EMPTY_BOT_STATE, factsOf(undefined)),
  }
}
const warned = () => vi.spyOn(console, 'warn').mockImplementation(() => {})
afterEach(() => void vi.restoreAllMocks())

const config = (url: string) => ({ name: 'Help', enabled: true, journal: false, answer: { url } })

describe('the server that words answers', () => {
  test.each([
    ['/', undefined, 'https://shop.example/asklet/v1/answer'],
    ['desk/', undefined, 'https://shop.example/help/desk/asklet/v1/answer'],
    ['https://help.example', undefined, 'https://help.example/asklet/v1/answer'],
    ['/', 'https://other.example', 'https://other.example/asklet/v1/answer'],
    ['/', { url: 'https://third.example' }, 'https://third.example/asklet/v1/answer'],
  ])('%s in the configuration, %j in the options: %s', async (url, answer, address) => {
    warned()
    const { ask, addresses } = await scene({ config: config(url), ...(answer && { answer }) })
    await ask()
    expect(addresses).toEqual([address])
  })

  test('that does not answer is told of once, with why, and the visitor has the bot’s own turn', async () => {
    const warn = warned()
    const { ask } = await scene({ config: config('https://help.example') })
    const { turn } = await ask()
    await ask()
    expect(turn.messages[0]?.text).toBe('In the article’s words.')
    expect(warn.mock.calls).toEqual([
      [
        'Asklet: the language model at https://help.example/ did not answer (HTTP 503). The visitor got the words of the articles.',
      ],
    ])
  })

  test.each([
    ['', undefined],
    ['javascript:1', undefined],
    ['https://', undefined],
    ['/', 'javascript:1'],
    ['/', 'https://api.example/v1/chat/completions'],
    ['/', { url: 'https://user:secret@help.example' }],
  ])(
    '%s in the configuration, %j in the options: no address, and takes nothing away',
    async (url, answer) => {
      const warn = warned()
      const { made, ask, addresses } = await scene({ config: config(url), ...(answer && { answer }) })
      expect(made).toBeNull()
      expect((await ask()).turn.messages).toHaveLength(1)
      expect(addresses).toEqual([])
      const bad = typeof answer === 'object' ? answer.url : (answer ?? url)
      expect(warn.mock.calls).toEqual([[expect.stringContaining(`which knows model and key, got "${bad}"`)]])
      expect(String(warn.mock.calls[0])).toContain('The bot answers in the words of the articles.')
    },
  )

  test.each([
    ['javascript:1', undefined, 'the configuration (asklet.json or options.config) cannot be used'],
    ['/', 'javascript:1', 'options.answer (or data-answer) cannot be used'],
    ['/', { url: 'javascript:1' }, 'options.answer cannot be used'],
  ])(
    '%s in the configuration, %j in the options: the developer is told where it stands',
    async (url, answer, said) => {
      const warn = warned()
      await scene({ config: config(url), ...(answer && { answer }) })
      expect(String(warn.mock.calls)).toContain(said)
    },
  )

  test('gets no actions of another shape, and never the key of a model', async () => {
    const warn = warned()
    const answer = { url: '/', key: 'sk-1', actions: { lookup: { sends: [] } } } as unknown as { url: string }
    const { made } = await scene({ config: { name: 'Help', enabled: true, journal: false }, answer })
    expect(made).toBeNull()
    expect(String(warn.mock.calls)).toContain('answer.actions.lookup.does must be string, got undefined')
    expect(String(warn.mock.calls)).not.toContain('sk-1')
  })

  test.each([
    ['https://help.example', 1],
    ['javascript:1', 0],
  ])('%s in the options: visitors are told of a model %i times', async (answer, times) => {
    warned()
    const words: TextMap[] = []
    await createConversation({
      environment: createEnvironment(),
      config: { name: 'Help', enabled: true, journal: false },
      serverUrl: null,
      texts: createTexts('en', english),
      facts: () => factsOf(undefined),
      answer,
      configUrl: 'https://shop.example/asklet.json',
      addTexts: (added: TextMap) => words.push(added),
      loadFile: async () => null,
      actions: new Map(),
      tab: safeStorage(() => undefined),
      isWaiting: false,
      hasKept: () => false,
      recorder: createRecorder(createEnvironment()),
      onError: (error: unknown) => {
        throw error
      },
    } as unknown as ConversationParts)
    expect(words).toHaveLength(times)
  })

  test('is told of before the first word; a person is promised where there are people', () => {
    const intro = (hasPeople: boolean) => String(modelTexts(hasPeople)['notice.botIntro'])
    expect(intro(true)).toMatch(/automatic assistant\. A language model .* You can ask for a person/)
    expect(intro(false)).toMatch(/automatic assistant\. A language model/)
    expect(intro(false)).not.toMatch(/person/)
  })
})
