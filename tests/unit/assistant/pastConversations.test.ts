import { signal } from '@preact/signals-core'
import { describe, expect, test } from 'vitest'
import type { HostListener } from '../../../src/assistant/hostEvents'
import { createPastConversations } from '../../../src/assistant/pastConversations'
import type { VisitorInput } from '../../../src/context/visitor'
import type { ConversationModel } from '../../../src/conversation/conversationModel'
import { createManualClock } from '../../../src/testing/manualClock'

function setUp(listeners: readonly HostListener<'transcript'>[] = [], visitor: VisitorInput = {}) {
  const clock = createManualClock()
  const asked: unknown[] = []
  const past = createPastConversations({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => 'made-secret',
      window: undefined,
      async fetch(url, init) {
        asked.push([String(url), init?.headers])
        return Response.json({ ok: true, conversations: [] })
      },
    },
    serverUrl: 'https://help.example',
    site: 'shop.example',
    visitor,
    hasKept: () => false,
    listeners: () => listeners,
  })
  return { past, asked }
}
const conversation = {
  conversationId: signal('conversation-1'),
  transcript: () => 'You: hello',
  transcriptLines: () => [{ who: 'visitor', name: 'You', text: 'hello', at: 1 }],
} as unknown as ConversationModel

describe('a copy by e-mail', () => {
  test('the site hears whose, what and where to; sent is what its promise says', async () => {
    const heard: unknown[] = []
    const { past } = setUp([async detail => void heard.push(detail)])
    expect(past.hearsTranscript()).toBe(true)
    expect(await past.sendTranscript(conversation, 'ann@example.org')).toBe('sent')
    expect(heard).toEqual([
      {
        conversationId: 'conversation-1',
        text: 'You: hello',
        messages: [{ who: 'visitor', name: 'You', text: 'hello', at: 1 }],
        email: 'ann@example.org',
      },
    ])
  })

  test('a site that says nothing took it; one that rejects, throws or is gone did not send it', async () => {
    const send = (...listeners: HostListener<'transcript'>[]) =>
      setUp(listeners).past.sendTranscript(conversation, 'ann@example.org')
    expect(await send(() => undefined)).toBe('handed')
    await expect(send(() => Promise.reject(new Error('smtp')))).rejects.toThrow('smtp')
    await expect(
      send(() => {
        throw new Error('no mail')
      }),
    ).rejects.toThrow('no mail')
    await expect(send()).rejects.toThrow()
  })
})

describe('who is asked about the past', () => {
  test('nobody, where neither a token nor a secret says who it would be of', async () => {
    const { past, asked } = setUp()
    expect(await past.list()).toBeNull()
    expect(asked).toEqual([])
  })

  test('a token speaks for itself on a device that was never used', async () => {
    const { past, asked } = setUp([], { id: 'ann', token: 'signed' })
    expect(await past.list()).toEqual([])
    expect(asked).toEqual([
      [
        'https://help.example/asklet/v1/conversations',
        expect.objectContaining({
          'x-asklet-token': 'signed',
          authorization: 'Bearer made-secretmade-secret',
        }),
      ],
    ])
  })
})
