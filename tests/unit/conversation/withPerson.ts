// A conversation with a person, over a live half of a few signals that the test holds.

import { signal } from '@preact/signals-core'
import type { Environment } from '../../../src/base/environment'
import { safeStorage } from '../../../src/base/safeStorage'
import { createTexts } from '../../../src/base/texts'
import { type ConversationDeps, createConversationModel } from '../../../src/conversation/conversationModel'
import * as handoff from '../../../src/conversation/handoff'
import type { LiveModel } from '../../../src/live/liveModel'
import { EMPTY_STATE, type Phase } from '../../../src/protocol/phase'
import { createManualClock } from '../../../src/testing/manualClock'
import { english } from '../../english'

interface Stand {
  readonly phase?: Phase
  readonly window?: Environment['window']
  /** Of the page, at the moment of asking. */
  route?(): string
  /** What this live half does that the test looks at. */
  readonly live?: Partial<Record<keyof LiveModel, unknown>>
  readonly loadDispute?: ConversationDeps['loadDispute']
  readonly tab?: ConversationDeps['tab']
}

export async function withPerson({
  phase = 'live',
  window,
  route = () => '/',
  live = {},
  loadDispute,
  tab = safeStorage(() => undefined),
}: Stand) {
  const clock = createManualClock()
  const state = signal({ ...EMPTY_STATE, phase })
  const link = signal('online')
  const model = createConversationModel({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => 'id-00000001',
      fetch: () => Promise.reject(new Error('no network')),
      window,
    },
    texts: createTexts('en', english),
    botName: 'Asklet',
    bot: { answer: () => Promise.reject(new Error('nobody asks it')) },
    facts: () => ({
      page: { url: 'u', route: route(), title: 't', name: 'n', headings: [], language: 'en', data: {} },
      visitor: { locale: 'en', attributes: {} },
    }),
    articlesRead: () => [],
    config: { hasPeople: true, contactEmail: null },
    tab,
    isWaiting: true,
    loadHandoff: async () => handoff,
    ...(loadDispute && { loadDispute }),
    loadLive: async () =>
      ({
        state,
        link,
        hasThread: signal(true),
        conversationId: signal('conversation-1'),
        events: signal([]),
        rows: signal([]),
        isStranded: signal(false),
        leads: signal(true),
        resume: async () => true,
        dispose() {},
        ...live,
      }) as unknown as LiveModel,
  })
  await new Promise(setImmediate)
  return { model, state, link, clock }
}
