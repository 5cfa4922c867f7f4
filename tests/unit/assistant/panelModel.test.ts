import { signal } from '@preact/signals-core'
import { describe, expect, test } from 'vitest'
import { createPanelModel, type PanelDeps } from '../../../src/assistant/panelModel'
import type { ConversationModel } from '../../../src/conversation/conversationModel'
import type { ReaderModel } from '../../../src/search/readerModel'
import type { SearchModel } from '../../../src/search/searchModel'

function setUp(change: Partial<PanelDeps> = {}) {
  const said: string[] = []
  const unread = signal(0)
  const phase = signal('bot')
  const conversation = {
    phase,
    unread,
    send: async (text: string) => void said.push(`asked ${text}`),
    askForPerson: async () => void said.push('wants a person'),
    articleDidNotHelp: async (id: string) => void said.push(`no help: ${id}`),
    stopAnswer: () => said.push('stopped'),
    dispose: () => said.push('conversation gone'),
  } as unknown as ConversationModel
  const article = signal<{ id: string; title: string } | null>(null)
  const panel = createPanelModel({
    search: {} as SearchModel,
    reader: {
      article,
      open: async (id: string) => {
        article.value = { id, title: id }
      },
      close() {
        article.value = null
      },
      say: (answer: string) => said.push(`solved: ${answer}`),
    } as unknown as ReaderModel,
    settings: signal({} as never),
    loadConversation: async () => conversation,
    loadMarkdown: async () => text => [{ t: 'p', c: [text] }],
    addTexts: () => {},
    device: () => Promise.reject(new Error('not asked for')),
    mayHavePast: () => false,
    disputeAbout: () => null,
    past: () => Promise.reject(new Error('not asked for')),
    isWaiting: () => false,
    onOpened: view => said.push(`opened ${view}`),
    onClosed: () => said.push('closed'),
    ...change,
  })
  return { panel, said, unread, phase }
}

describe('panel', () => {
  test('opens where the visitor left it', () => {
    const { panel, said } = setUp()
    panel.openArticle('payments/refund')
    panel.close()
    panel.open()
    expect(panel.view.value).toBe('article')
    expect(said).toEqual(['opened article', 'closed', 'opened article'])
  })

  test('opens at the conversation while a person is waited for', async () => {
    const { panel, phase } = setUp()
    await panel.ask()
    panel.back()
    panel.close()
    phase.value = 'queued'
    panel.open()
    expect(panel.view.value).toBe('conversation')
  })

  test('opens at the conversation that waits on this device, before its code is here', () => {
    const { panel } = setUp({ isWaiting: () => true })
    panel.open()
    expect(panel.view.value).toBe('conversation')
  })

  test('and while its code is here and what is kept of it is still being read', async () => {
    const { panel } = setUp({ isWaiting: () => true })
    await panel.loadConversation()
    panel.open()
    expect(panel.view.value).toBe('conversation')
  })

  test('back leads to where one came from', async () => {
    const { panel } = setUp()
    await panel.ask('hello')
    panel.openArticle('a')
    panel.back()
    expect(panel.view.value).toBe('conversation')
    panel.back()
    expect(panel.view.value).toBe('home')
    panel.back()
    expect(panel.view.value).toBe('home')
  })

  test('an article that did not help goes into the conversation with its name', async () => {
    const { panel, said } = setUp()
    panel.openArticle('payments/refund')
    await panel.articleDidNotHelp()
    expect(said).toContain('solved: no')
    expect(said).toContain('no help: payments/refund')
  })

  test('a chunk that did not come can be asked for again', async () => {
    let tries = 0
    const { panel } = setUp({
      loadConversation: async () => {
        tries++
        if (tries === 1) throw new Error('blocked')
        return {
          phase: signal('bot'),
          unread: signal(0),
          send: async () => {},
        } as unknown as ConversationModel
      },
    })
    await panel.ask('hello')
    expect(panel.conversationStatus.value).toBe('failed')
    await panel.ask('hello')
    expect(panel.conversationStatus.value).toBe('ready')
  })

  test('Markdown that cannot be read is null, not an exception', async () => {
    const { panel } = setUp({ loadMarkdown: () => Promise.reject(new Error('blocked')) })
    expect(await panel.parseMarkdown('**x**')).toBeNull()
  })

  test('forgetting the conversation leads home and makes a fresh one next time', async () => {
    const { panel, said } = setUp()
    await panel.ask('hello')
    panel.forgetConversation()
    expect(panel.view.value).toBe('home')
    expect(panel.conversation.value).toBeNull()
    expect(said).toContain('conversation gone')
  })
})

test('[D12] a conversation that was still loading when somebody else signed in is not theirs to speak in', async () => {
  const loads: ((model: ConversationModel) => void)[] = []
  const gone: string[] = []
  const made = (name: string) =>
    ({
      name,
      phase: signal('bot'),
      unread: signal(0),
      dispose: () => gone.push(name),
    }) as unknown as ConversationModel
  const { panel } = setUp({ loadConversation: () => new Promise(resolve => loads.push(resolve)) })
  panel.prefetchConversation()
  panel.dispose()
  panel.prefetchConversation()
  loads[1]?.(made('of the one who is here'))
  await new Promise(setImmediate)
  loads[0]?.(made('of the one before'))
  await new Promise(setImmediate)
  expect(panel.conversation.value).toMatchObject({ name: 'of the one who is here' })
  expect(gone).toEqual(['of the one before'])
})

test.each([
  ['closing', (panel: ReturnType<typeof setUp>['panel']) => panel.close()],
  ['going back', (panel: ReturnType<typeof setUp>['panel']) => panel.back()],
  ['opening an article', (panel: ReturnType<typeof setUp>['panel']) => panel.openArticle('a')],
  ['showing another view', (panel: ReturnType<typeof setUp>['panel']) => panel.show('home')],
])('%s ends an answer that nobody looks at any more', async (_, leave) => {
  const { panel, said } = setUp()
  await panel.ask('why?')
  expect(said).not.toContain('stopped')
  leave(panel)
  expect(said).toContain('stopped')
})
