// What the agent is writing in the open conversation. Owns drafts and whether they are for the visitor or a note for
// colleagues: two texts, so that neither can go where the other was meant to. Who carries them is handed in.

import { computed, signal } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import type { AttachmentsModel } from '../live/attachmentsModel'
import { namesOf } from '../protocol/attachments'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import type { Citation } from '../protocol/records'
import { unfilled } from './canned'
import type { DeskOutbox } from './deskOutbox'
import { putBack } from './hold'
import { isMachineDraft } from './machineDraft'
import type { NotesModel } from './notesModel'
import type { Preferences } from './preferences'
import { quotationOf } from './suggestionsModel'

/** What is kept by conversation. */
type DraftOf = ComposerMode | 'transfer' | 'suggested'

/** For the visitor, or for colleagues only. */
export type ComposerMode = 'reply' | 'note'

export interface ComposerModel {
  /** Of the open conversation, and as it was left there: a note that was begun goes on as a note. */
  readonly mode: ReadonlySignal<ComposerMode>
  /** Texts of the open conversation that are begun. */
  readonly begun: ReadonlySignal<ReadonlySet<ComposerMode>>
  /** Of the open conversation, for whom `mode` says. */
  readonly draft: ReadonlySignal<string>
  setMode(mode: ComposerMode): void
  setDraft(text: string): void
  /**
   * Sends the draft: a reply held where the agent wants that, with the files that are ready; a note as a note. Nothing
   * is sent that is empty, waits for a file, is too long, or not this agent's to say. With neither words nor files in
   * the reply, what is held goes.
   */
  send(options?: { readonly isNow?: boolean }): void
  /** The last held reply of the open conversation, back into the draft; false when there is none. */
  takeBack(): boolean
  /** Articles that go along with the reply: the visitor can open them from it. */
  readonly sources: ReadonlySignal<readonly Citation[]>
  /** A quotation behind what is written, with its article as a source. It is for the visitor: never a note. */
  quote(text: string, source: Citation): void
  /** Words that a machine suggests, behind what is written: for the visitor, as `quote`. */
  insert(text: string): void
  dropSource(articleId: string): void
  /** For whoever the open conversation is handed to; kept like a draft until it went. */
  readonly transferNote: ReadonlySignal<string>
  setTransferNote(conversationId: string, text: string): void
  /** Another conversation is opened: its kept draft is read. */
  opened(conversationId: string): void
  dispose(): void
}

export interface ComposerParts {
  readonly env: Environment
  readonly tabStore: SafeStorage
  readonly agentId: string
  readonly outbox: DeskOutbox
  readonly notes: Pick<NotesModel, 'add'>
  readonly preferences: Preferences
  readonly openId: ReadonlySignal<string | null>
  /** Chosen for the open conversation; null: it takes none. */
  readonly files: ReadonlySignal<AttachmentsModel | null>
  /** May the open conversation be written to? */
  mayReply(): boolean
  tellTyping(conversationId: string): void
}

/** More buttons under one reply are a list to search in. */
const MAX_SOURCES = 3
/** Told at most this often, and shown longer than that at the other end. */
const TELL_TYPING_EVERY_MS = 3_000

export function createComposerModel(parts: ComposerParts): ComposerModel {
  const { env, tabStore, outbox, preferences, openId, files } = parts
  const modes = signal<ReadonlyMap<string, ComposerMode>>(new Map())
  const mode = computed<ComposerMode>(() => modes.value.get(openId.value ?? '') ?? 'reply')
  const setMode = (next: ComposerMode) => {
    if (openId.value) modes.value = new Map(modes.peek()).set(openId.value, next)
  }
  /** By mode and conversation. */
  const drafts = signal<ReadonlyMap<string, string>>(new Map())
  const nameOf = (conversationId: string, of: DraftOf = mode.value) => `${of}.${conversationId}`
  /** Agents share machines: nobody finds another one's half-written words. */
  const keyOf = (name: string) =>
    `asklet-desk.${name.replace(/^reply/, 'draft').replace('.', `.${parts.agentId}.`)}`
  const draft = computed(() => drafts.value.get(nameOf(openId.value ?? '')) ?? '')
  const allSources = signal<ReadonlyMap<string, readonly Citation[]>>(new Map())
  const sources = computed(() => allSources.value.get(openId.value ?? '') ?? [])
  const setSources = (conversationId: string, list: readonly Citation[]) => {
    allSources.value = new Map(allSources.peek()).set(conversationId, list)
  }
  let typingToldAt = Number.NEGATIVE_INFINITY
  let stopTelling: Undo = () => {}

  function write(conversationId: string, text: string, of: DraftOf = mode.value) {
    const name = nameOf(conversationId, of)
    drafts.value = new Map(drafts.peek()).set(name, text)
    tabStore.set(keyOf(name), text || null)
  }

  /** What was put into the reply that is being written here, all of it: kept like the reply, by which it is judged. */
  const suggestedIn = (conversationId: string) => drafts.peek().get(nameOf(conversationId, 'suggested')) ?? ''

  function addSource(conversationId: string, source: Citation) {
    const others = sources.peek().filter(each => each.articleId !== source.articleId)
    setSources(conversationId, [...others, source].slice(-MAX_SOURCES))
  }

  function tellTyping(conversationId: string) {
    if (Math.abs(env.now() - typingToldAt) < TELL_TYPING_EVERY_MS) return
    typingToldAt = env.now()
    parts.tellTyping(conversationId)
  }

  const heldIn = (conversationId: string) =>
    outbox.rows.value.findLast(row => row.thread === conversationId && outbox.mayTakeBack(row.clientId))

  /** To the visitor an answer that is held is an answer being written. */
  function typeWhileHeld(conversationId: string) {
    stopTelling()
    if (!heldIn(conversationId)) return
    tellTyping(conversationId)
    stopTelling = env.after(TELL_TYPING_EVERY_MS, () => typeWhileHeld(conversationId))
  }

  function insert(text: string) {
    const conversationId = openId.value
    if (!conversationId) return
    setMode('reply')
    const before = draft.peek().trimEnd()
    write(conversationId, `${before && `${before}\n\n`}${text}`)
    write(conversationId, `${suggestedIn(conversationId)}\n${text.trimEnd()}`, 'suggested')
  }

  return {
    mode,
    draft,
    begun: computed(
      () =>
        new Set(
          (['reply', 'note'] as const).filter(each =>
            drafts.value.get(nameOf(openId.value ?? '', each))?.trim(),
          ),
        ),
    ),
    setMode,
    setDraft(text) {
      const conversationId = openId.value
      if (!conversationId) return
      write(conversationId, text)
      if (text && mode.value === 'reply' && parts.mayReply()) tellTyping(conversationId)
    },
    send({ isNow = false } = {}) {
      const conversationId = openId.value
      const text = draft.peek().trim()
      if (!conversationId || text.length > MAX_MESSAGE_CHARS) return
      if (mode.value === 'note') {
        if (!text) return
        parts.notes.add(conversationId, text)
        write(conversationId, '')
        return
      }
      // What a ready answer left open would be read by the visitor as it stands.
      if (!parts.mayReply() || unfilled(text).length > 0) return
      const chosen = files.value
      if (chosen?.isUploading.value) return
      if (!text && !chosen?.ready.value.length) return outbox.letGo(conversationId)
      const attachments = chosen?.take() ?? []
      const isHeld = preferences.holdsReplies.value && !isNow
      const citations = sources.peek()
      outbox.add(
        conversationId,
        {
          type: 'message',
          text: text || namesOf(attachments),
          // A name is no Markdown.
          format: text ? 'markdown' : 'plain',
          ...(citations.length > 0 && { citations }),
          ...(attachments.length > 0 && { attachments }),
          ...(isMachineDraft(text, suggestedIn(conversationId)) && { draftedBy: 'machine' as const }),
        },
        { isHeld },
      )
      write(conversationId, '')
      write(conversationId, '', 'suggested')
      setSources(conversationId, [])
      if (isHeld) typeWhileHeld(conversationId)
      else typingToldAt = Number.NEGATIVE_INFINITY
    },
    takeBack() {
      const conversationId = openId.value
      const held = conversationId ? heldIn(conversationId) : undefined
      const row = held && outbox.takeBack(held.clientId)
      if (!conversationId || row?.draft?.body.type !== 'message') return false
      setMode('reply')
      const { text, format, citations = [], attachments = [], draftedBy } = row.draft.body
      // What it was suggested as is gone; that it was, is not.
      if (draftedBy) write(conversationId, `${suggestedIn(conversationId)}\n${text}`, 'suggested')
      // Plain is what nobody typed: the names that stood for the words.
      if (format === 'markdown') write(conversationId, putBack(text, draft.peek()))
      files.value?.giveBack(attachments)
      for (const source of citations) addSource(conversationId, source)
      return true
    },
    sources,
    quote(text, source) {
      insert(`${quotationOf(text)}\n\n`)
      if (openId.value) addSource(openId.value, source)
    },
    insert,
    dropSource(articleId) {
      const conversationId = openId.value
      if (conversationId)
        setSources(
          conversationId,
          sources.peek().filter(source => source.articleId !== articleId),
        )
    },
    transferNote: computed(() => drafts.value.get(nameOf(openId.value ?? '', 'transfer')) ?? ''),
    setTransferNote: (conversationId, text) => write(conversationId, text, 'transfer'),
    opened(conversationId) {
      typingToldAt = Number.NEGATIVE_INFINITY
      for (const each of ['reply', 'note', 'transfer', 'suggested'] as const) {
        const name = nameOf(conversationId, each)
        const kept = tabStore.get(keyOf(name))
        if (kept) drafts.value = new Map(drafts.peek()).set(name, kept)
      }
    },
    dispose: () => stopTelling(),
  }
}
