// What this device keeps for one assistant, and the end of it: `forgetDevice()` and the panel's "Forget this device".
// A chunk of its own, fetched by who looks. Owns no storage: it knows the names under which others keep, and asks them
// to let go first, so that nothing is written back.

import type { Environment } from '../base/environment'
import { indexedDBOf, openKeyedStore } from '../base/keyedStore'
import type { SafeStorage } from '../base/safeStorage'
import type { ConversationModel } from '../conversation/conversationModel'
// Only their types: the live half is not fetched to erase what it kept, and the compiler holds these words to it.
import type { ANONYMOUS, KEPT_KEY, SIGNED_IN, TAKING_PART_KEY, WAITING_KEY } from '../live/startLive'

/** What is kept now; all false and 0: nothing. */
export interface Kept {
  /** That the window stands open. */
  readonly isOpen: boolean
  /** What was typed into the search. */
  readonly search: boolean
  /** The talk with the bot in this tab. */
  readonly talk: boolean
  /** The pages before this one. */
  readonly routes: boolean
  /** Which help was offered unasked, and what of it was sent away. */
  readonly offers: boolean
  /** A conversation with people, or the secret that proves whose it is. */
  readonly people: boolean
  /** A person is waited for or talked to now: forgetting ends that. */
  readonly isWithPerson: boolean
  /** Messages to people that are not known to have arrived: lost when this device forgets. */
  readonly unsent: number
}

export interface DeviceKeeping {
  kept(): Promise<Kept>
  /** Lets go of it in this tab and the others, and ends what is under way. @returns what was kept until now */
  forget(): Promise<Kept>
}

export interface DeviceKeepingDeps {
  readonly environment: Environment
  /** What the assistant's keys in local and session storage begin with. */
  readonly own: string
  /** What its records in the database begin with, before the identity. */
  readonly site: string
  readonly local: SafeStorage
  /** This device may hold words to people, or their secret. */
  hasKept(): boolean
  /** The conversation, loaded where something of it is kept; null where nothing is. */
  conversation(): Promise<ConversationModel | null>
  /** All models let go, and what they keep goes: shared with `logout`. */
  forgetVisitor(): Promise<void>
}

/** Written and taken away at once: the other tabs hear of it, and nothing stays. */
export const FORGET_KEY = 'forget'

const WAITING: typeof WAITING_KEY = 'waiting'
const KEPT: typeof KEPT_KEY = 'kept'
const TAKING_PART: typeof TAKING_PART_KEY = 'thread'
const NOBODY: typeof ANONYMOUS = '/anonymous'
const SOMEBODY: typeof SIGNED_IN = '/user:'

/** Leaving a queue or a chat takes one answer of the server; who is offline does not wait for it. Milliseconds. */
const GOODBYE_MS = 2_000

/** Makes what `Kept` is read and erased with; reads nothing yet. */
export function createDeviceKeeping(deps: DeviceKeepingDeps): DeviceKeeping {
  const { environment, own, site, local } = deps
  const page = environment.window
  const storages = (): readonly Storage[] =>
    (['localStorage', 'sessionStorage'] as const).flatMap(name => {
      try {
        return page?.[name] ? [page[name]] : []
      } catch {
        // Refused: nothing of ours is in there.
        return []
      }
    })
  const ownKeys = (storage: Storage) => Object.keys(storage).filter(key => key.startsWith(own))
  /** Of all identities that were here, not only of who is here now. */
  const prefixes = [`${site}${NOBODY}/`, site + SOMEBODY]

  async function records<T>(
    work: (keys: readonly string[], remove: (keys: readonly string[]) => Promise<void>) => T,
  ) {
    // Looking into a database makes it: only where one is known to be.
    if (!page || !deps.hasKept()) return work([], async () => {})
    const store = await openKeyedStore(indexedDBOf(page), 'asklet', environment.after)
    try {
      const lists = await Promise.all(prefixes.map(prefix => store.list(prefix)))
      return await work(
        lists.flat().map(([key]) => key),
        keys => store.delete(keys),
      )
    } finally {
      store.close()
    }
  }

  async function kept(): Promise<Kept> {
    const conversation = await deps.conversation()
    const keys = storages().flatMap(ownKeys)
    const has = (name: string) => keys.includes(own + name)
    const people = await records(found => found.length > 0)
    const phase = conversation?.phase.value
    return {
      isOpen: has('open'),
      search: has('query'),
      talk: has('conversation'),
      routes: has('routes'),
      offers: has('offers'),
      people: people || has(WAITING) || has(KEPT) || has(TAKING_PART),
      isWithPerson: phase === 'queued' || phase === 'live',
      unsent: unsentIn(conversation),
    }
  }

  return {
    kept,
    async forget() {
      const before = await kept()
      const conversation = await deps.conversation()
      // The people on the other side are not left waiting for somebody who is gone, where that can be told them.
      await conversation?.goodbye(GOODBYE_MS)
      await deps.forgetVisitor()
      await records((found, remove) => remove(found))
      for (const storage of storages()) for (const key of ownKeys(storage)) storage.removeItem(key)
      // What a refusing browser left in memory.
      for (const key of [WAITING, KEPT]) local.set(key, null)
      local.set(FORGET_KEY, environment.randomId())
      local.set(FORGET_KEY, null)
      return before
    },
  }
}

/** Words of the visitor's own that no server has said yes to. */
function unsentIn(conversation: ConversationModel | null): number {
  const items = conversation?.items.value ?? []
  return items.filter(
    item =>
      item.kind === 'message' &&
      item.author.kind === 'visitor' &&
      item.state !== null &&
      item.state !== 'sent' &&
      item.state !== 'delivered' &&
      item.state !== 'read',
  ).length
}
