// What leads set for all: hours, and ready answers; and the words that a desk offers to choose from. Hours set at the
// desk win over those of the configuration file, on every node within ten seconds.

import { MAX_CANNED, MAX_CANNED_BYTES } from '../protocol/limits'
import type { Hours } from '../protocol/records'
import type { Pushes } from '../protocol/wire'
import type { Push } from './conversations'
import type { DeskAnswers } from './deskRecords'
import { hoursProblem } from './hours'
import { refusal } from './refusals'
import { shared } from './sharedAnswer'
import type { OwnHours } from './store/deskRecordStore'
import type { HelpDeskStore } from './store/helpDeskStore'

export type DeskSettingsName = 'replies' | 'saveReply' | 'dropReply' | 'settings' | 'saveHours'

export interface DeskSettingsCalls {
  readonly desk: DeskAnswers<DeskSettingsName>
  /** As they hold now; null: always open. */
  hours(): Promise<Hours | null>
  /** Another node says that they changed. */
  heardChange(): void
}

export interface DeskSettingsOptions {
  readonly store: HelpDeskStore
  now(): number
  push(push: Push): void
  /** Of the configuration file. */
  readonly hours: Hours | null
  readonly categories: readonly string[]
  /** Those that somebody serves. */
  teams(): Promise<readonly string[]>
}

/** A hint that was lost costs so long at most. */
const HOURS_KNOWN_FOR_MS = 10_000
/** New words bump the mark of settings, and are read at once; how often each is used may be this old. */
const WORDS_KNOWN_FOR_MS = 30_000
/** More than a list to choose from shows. */
const MAX_WORDS = 100

export function createDeskSettings(options: DeskSettingsOptions): DeskSettingsCalls {
  const { store, now, push, categories, teams } = options
  let known: { readonly own: OwnHours; readonly at: number } | null = null
  /** Counts what was heard, so that an answer from before is not taken for one from after. */
  let heard = 0

  const readHours = shared(async () => {
    const before = heard
    const at = now()
    const own = await store.ownHours()
    if (before === heard) known = { own, at }
    return own
  })
  let words: {
    readonly labels: readonly string[]
    readonly used: readonly string[]
    readonly at: number
  } | null = null
  /** Both lists count through tables, and every desk asks for them at the same hint. */
  const readWords = shared(async () => {
    const age = words ? now() - words.at : Infinity
    if (words && age >= 0 && age < WORDS_KNOWN_FOR_MS) return words
    const [before, at] = [heard, now()]
    const [labels, used] = await Promise.all([store.labelsInUse(MAX_WORDS), store.categoriesInUse(MAX_WORDS)])
    const found = { labels, used, at }
    if (before === heard) words = found
    return found
  })
  function forget(): void {
    heard++
    known = null
    words = null
  }
  const holding = (own: OwnHours) => (own.isOwn ? own.hours : options.hours)

  const tell = (what: Pushes['deskChanged']['what']) =>
    push({ name: 'deskChanged', to: 'desk', payload: { what } })

  return {
    async hours() {
      const age = known ? now() - known.at : Infinity
      return holding(known && age >= 0 && age < HOURS_KNOWN_FOR_MS ? known.own : await readHours())
    },
    heardChange: forget,

    desk: {
      replies: async () => ({ ok: true, replies: await store.cannedReplies() }),

      async saveReply({ agentId, name }, _member, { replyId, expected, shortcut, title, text }) {
        const saved = await store.saveReply({
          replyId,
          expected,
          shortcut,
          title,
          text,
          editedBy: { agentId, name },
          editedAt: now(),
          most: MAX_CANNED,
          mostBytes: MAX_CANNED_BYTES,
        })
        if (saved.ok) {
          tell('replies')
          return { ok: true, revision: saved.revision }
        }
        if (saved.code === 'key_reused')
          return refusal('key_reused', `another ready answer has the shortcut "${shortcut}"`)
        return saved.code === 'too_large'
          ? refusal(
              'too_large',
              `there are at most ${MAX_CANNED} ready answers, of ${MAX_CANNED_BYTES} bytes together`,
            )
          : refusal(saved.code)
      },

      async dropReply(_session, _member, { replyId, expected }) {
        const dropped = await store.dropReply(replyId, expected)
        if (!dropped.ok) return refusal(dropped.code)
        tell('replies')
        return { ok: true }
      },

      async settings() {
        const [own, { labels, used }, served] = await Promise.all([readHours(), readWords(), teams()])
        return {
          ok: true,
          settings: {
            hours: holding(own),
            hoursAreOwn: own.isOwn,
            hoursRevision: own.revision,
            categories: [...new Set([...categories, ...used])].slice(0, MAX_WORDS),
            labels,
            teams: served,
          },
        }
      },

      async saveHours(_session, _member, { expected, hours }) {
        const problem = hours === null || hours === 'file' ? null : hoursProblem(hours)
        if (problem) return refusal('bad_request', problem)
        const saved = await store.saveHours(expected, hours)
        forget()
        if (!saved.ok) return refusal(saved.code)
        tell('settings')
        return { ok: true, revision: saved.revision }
      },
    },
  }
}
