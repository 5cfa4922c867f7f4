// The visitor's side of a page, real from the launcher to the last chunk of the panel, over models that a script sets.
// What was said comes as events and goes through the real fold and the real timeline.

import type { TextMap } from '../../../src/base/texts'
import { createTexts } from '../../../src/base/texts'
import { createDisputeShown } from '../../../src/conversation/disputeShown'
import { readAsOf } from '../../../src/conversation/handoff'
import { reopeningOf } from '../../../src/conversation/reopening'
import { buildTimeline, type LocalTurn } from '../../../src/conversation/timeline'
import { transcriptLines, transcriptText } from '../../../src/conversation/transcript'
import { createHost, type HostElement } from '../../../src/launcher/host'
import { createLauncher, type Launcher } from '../../../src/launcher/launcher'
import { voiceOf } from '../../../src/launcher/voice'
import type { OutboxRow } from '../../../src/live/outbox'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import { EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { Author } from '../../../src/protocol/records'
import { DEFAULT_REOPEN_DAYS } from '../../../src/protocol/ticket'
import { ticketHistory } from '../../../src/protocol/ticketHistory'
import { mountPanel } from '../../../src/ui/mountPanel'
import type { PanelParts } from '../../../src/ui/scope'
import { english } from './english'
import { createFakes, type Fakes, showConversation, writable } from './fakes'
import { type Hands, hands } from './reaching'
import { minutesAgo } from './time'

/** How a state is to look. */
export interface Look {
  readonly theme: 'light' | 'dark' | 'auto'
  /** BCP 47. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** Of the host element; the faces' own without it. */
  readonly density?: string | undefined
  /** CSS colour; Workmere's without it. */
  readonly accent?: string | undefined
  /** Words of the locale; English where there are none. */
  readonly words: TextMap
}

export interface VisitorStage extends Hands, Fakes {
  readonly host: HostElement
  readonly launcher: Launcher
  readonly parts: { -readonly [Name in keyof PanelParts]: PanelParts[Name] }
  /** Draws the panel, open. Called once models are as they are to be at first. */
  open(): void
  /** The conversation so far, in the window. */
  tell(story: Story): void
}

/** What a conversation holds, in the order in which it came. */
export interface Story {
  /** With the bot, on this device alone. */
  readonly turns?: readonly LocalTurn[]
  readonly events?: readonly StoredEvent[]
  /** Not confirmed. */
  readonly rows?: readonly OutboxRow[]
}

const BOT_NAME = 'Workmere Help'

export function visitorStage(document: Document, look: Look): VisitorStage & { undo(): void } {
  const texts = createTexts(look.locale, look.words, english)
  const { accent = '#0f6b5c' } = look
  const fakes = createFakes({
    name: BOT_NAME,
    theme: look.theme,
    accent,
    locale: look.locale,
    dir: look.dir,
    contactEmail: 'help@workmere.example',
    imageOrigins: [''],
  })
  const { panel, conversation } = fakes
  conversation.transcriptLines = () => transcriptLines(conversation.items.value, texts, BOT_NAME)
  conversation.transcript = () => transcriptText(conversation.transcriptLines(), texts)
  panel.parseMarkdown = async text => (await import('../../../src/knowledge/fromMarkdown')).parseMessage(text)

  const host = createHost(document)
  const { element } = host
  element.dataset.theme = look.theme
  element.dir = look.dir
  if (look.density) element.dataset.density = look.density
  element.style.setProperty('--asklet-accent', accent)
  const launcher = createLauncher(host, texts('launcher.label'))
  const parts: VisitorStage['parts'] = {
    loadArticleView: () => import('../../../src/ui/ArticleView'),
    loadConversationView: () => import('../../../src/ui/ConversationView'),
  }
  let unmount = () => {}
  return {
    ...fakes,
    ...hands(host.shadow, texts),
    host,
    launcher,
    parts,
    open() {
      launcher.setOpen(panel.isOpen.value)
      const mounted = mountPanel(
        host.shadow,
        voiceOf(host),
        panel,
        texts,
        {
          loadArticleView: () => parts.loadArticleView(),
          loadConversationView: () => parts.loadConversationView(),
        },
        launcher.button,
      )
      unmount = mounted.unmount
      if (panel.isOpen.value) mounted.focus()
    },
    tell({ turns = [], events = [], rows = [] }) {
      const state = events.reduce(foldEvent, EMPTY_STATE)
      conversation.items.value = buildTimeline({
        intro: { name: BOT_NAME, at: minutesAgo(12) },
        turns,
        events,
        rows,
        me: { kind: 'visitor' },
        isOwn: author => author.kind === 'visitor' || author.kind === 'bot',
      })
      conversation.phase.value = state.phase
      writable(conversation, createDisputeShown()(events, rows))
      conversation.agent.value = state.phase === 'live' ? state.agent : null
      conversation.ticket.value = state.ticket
      conversation.ticketHistory.value = ticketHistory(events, 'visitor')
      conversation.readAs.value = readAsOf(events)
      conversation.reopening.value = reopeningOf(state, events, rows, {
        now: minutesAgo(0),
        withinDays: DEFAULT_REOPEN_DAYS,
      })
      conversation.contact.value = state.ticket?.contact ?? null
      conversation.agentPresence.value = state.phase === 'live' ? 'here' : null
      showConversation(fakes)
    },
    undo() {
      unmount()
      host.remove()
    },
  }
}

/** Events of one conversation, numbered and a minute apart; the last one `last` minutes ago. */
export function stored(bodies: readonly (readonly [Author, EventBody])[], last = 1): readonly StoredEvent[] {
  return bodies.map(([author, body], index) => ({
    conversationId: 'conversation-mara',
    seq: index + 1,
    clientId: `event-${index + 1}`,
    at: minutesAgo(last + bodies.length - 1 - index),
    author,
    body,
  }))
}

/** Words of the visitor that the server has not confirmed. */
export function unsent(text: string, state: OutboxRow['state'], order = 1): OutboxRow {
  return {
    clientId: `unsent-${order}`,
    thread: 'conversation-mara',
    identity: 'visitor',
    order,
    brief: null,
    draft: { clientId: `unsent-${order}`, body: { type: 'message', text, format: 'plain' } },
    isEarlier: false,
    queuedAt: minutesAgo(0),
    attempts: 0,
    notBefore: 0,
    state,
    isConfirmed: false,
    isAlone: false,
  }
}
