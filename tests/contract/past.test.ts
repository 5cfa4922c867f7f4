// A visitor's conversations as another device finds them: plain requests to a real server, proved by a token alone.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPastConversations } from '../../src/assistant/pastConversations'
import { secureRandomId } from '../../src/base/environment'
import { HTTP_PREFIX } from '../../src/protocol/version'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { startHelpDesk } from '../support/helpDeskServer'

test('a second device lists and reads what the first one asked; somebody else finds nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-past-'))
  const server = await startHelpDesk(join(folder, 'desk.db'), {
    verifyVisitor: async token => ({ visitorId: String(token) }),
    verifyAgent: async () => null,
  })
  const call = async (name: string, body: object) => {
    const response = await fetch(`${server.base}${HTTP_PREFIX}/${name}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${'phone-secret'.padEnd(32, 'x')}`,
        'x-asklet-token': 'ann',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ v: 1, ...body }),
    })
    return (await response.json()) as { ok: boolean; conversationId: string }
  }
  const brief = { ...emptyBrief(), question: 'Where is my order?' }
  const { conversationId } = await call('open', { openId: secureRandomId(), brief })
  const drafts = [
    { clientId: secureRandomId(), body: { type: 'message', text: 'Where is my order?', format: 'plain' } },
    {
      clientId: secureRandomId(),
      body: { type: 'handoffReady', channel: 'ticket', contact: { email: 'ann@example.org' } },
    },
  ]
  expect(await call('send', { conversationId, drafts })).toMatchObject({ ok: true })

  const device = (token: string) =>
    createPastConversations({
      environment: {
        now: Date.now,
        after: () => () => {},
        random: Math.random,
        randomId: secureRandomId,
        fetch: (...args) => fetch(...args),
        window: undefined,
      },
      serverUrl: server.base,
      site: 'shop.example',
      visitor: { id: token, token },
      hasKept: () => false,
      listeners: () => [],
    })
  const laptop = device('ann')
  expect(await laptop.list()).toMatchObject([
    {
      conversationId,
      phase: 'ticketed',
      question: 'Where is my order?',
      ticketNumber: 1001,
      agentName: null,
    },
  ])
  const items = await laptop.thread(conversationId)
  expect(items?.map(item => (item.kind === 'message' ? item.text : item.name))).toEqual([
    'Where is my order?',
    'ticketOpened',
  ])
  const stranger = device('eve')
  expect(await stranger.list()).toEqual([])
  expect(await stranger.thread(conversationId)).toBeNull()
  await server.close()
  rmSync(folder, { recursive: true })
})
