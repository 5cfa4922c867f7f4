// How long each kind of data is kept, and what is due at a moment. Pure: the sweep asks it and the store does it.
// Refuses to touch what is open: a conversation that waits, is live, or a ticket that is not solved is never too old.

import type { Clock, Undo } from '../base/environment'
import { AskletError } from '../base/errors'
import type { Log } from './conversations'
import type { PrivacyRows } from './store/personRows'

/**
 * `conversations`: without a ticket, since their last event; `tickets`: since they were solved; `journal`, `files`,
 * `notes`: since they were made, labels since the last event of what they are on; `visits`: where and when a visitor was seen; `deliveries`: e-mails and
 * calls of webhooks that are done, or that no server sends any more; `signIns`: links and sessions of agents, since they
 * ran out or were used, and agents without an account here, since they were last at the desk.
 */
export const RETENTION_KINDS = [
  'conversations',
  'tickets',
  'journal',
  'files',
  'visits',
  'notes',
  'deliveries',
  'signIns',
] as const
export type RetentionKind = (typeof RETENTION_KINDS)[number]

/** Days; `false`: until somebody erases it. */
export type Retention = Readonly<Record<RetentionKind, number | false>>

/**
 * Two years of conversations, three of tickets, because a contract may be disputed for so long; traces go sooner. An
 * operator looks at what failed to leave; what was sent is of no more use than its number.
 */
export const DEFAULT_RETENTION: Retention = {
  conversations: 730,
  tickets: 1_095,
  journal: 365,
  files: 730,
  visits: 1,
  notes: 730,
  deliveries: 30,
  signIns: 30,
}

export interface Due {
  readonly kind: RetentionKind
  /** What is older goes. Milliseconds since 1970. */
  readonly before: number
}

const DAY_MS = 24 * 60 * 60_000

export function retentionDue(rules: Retention, now: number): readonly Due[] {
  return RETENTION_KINDS.flatMap(kind => {
    const days = rules[kind]
    return days === false ? [] : [{ kind, before: now - days * DAY_MS }]
  })
}

/** Small pieces, so that messages come between them. */
const AT_ONCE = 50
/** A store that writes nothing at all is not asked about everything that is old. */
const MOST_FAILED = 500
/** A node that dies while it sweeps is followed by another one. */
const LEASE_MS = 10 * 60_000
export const SWEEP_EVERY_MS = 60 * 60_000
/** A server that is deployed several times a day forgets all the same; its first minutes belong to who comes back. */
export const FIRST_SWEEP_MS = 5 * 60_000

export interface RetentionSweep {
  /** Does what is due, unless another node does. Never rejects. */
  sweep(): Promise<void>
  stop(): void
}

export interface RetentionOptions {
  readonly store: PrivacyRows & { now?(): Promise<number> }
  readonly rules: Retention
  readonly clock: Clock
  readonly log: Log
  /** Bytes of these are nobody's any more. */
  removeFiles(attachmentIds: readonly string[]): Promise<void>
}

export function startRetention({ store, rules, clock, log, removeFiles }: RetentionOptions): RetentionSweep {
  let stopped = false
  let stopTimer: Undo = () => {}

  /** Leases are compared between nodes. */
  const moment = async () => (await store.now?.()) ?? clock.now()

  const reasonOf = (error: unknown) => (error instanceof AskletError ? error.message : 'unknown')

  async function sweep() {
    try {
      const now = await moment()
      let held = now + LEASE_MS
      if (!(await store.takeRetentionLease(now, held))) return
      /** False: another node has it by now. */
      const keepLease = async () => {
        const at = await moment()
        if (held - at > LEASE_MS / 2) return true
        if (!(await store.takeRetentionLease(at, at + LEASE_MS, held))) return false
        held = at + LEASE_MS
        return true
      }
      for (const { kind, before } of retentionDue(rules, now)) {
        const failed = new Set<string>()
        let count = 0
        for (;;) {
          if (stopped) return
          const done = await forgetSome(kind, before, now, failed)
          if (!done) break
          count += done.count
          if (done.tried < AT_ONCE || failed.size >= MOST_FAILED) break
          if (!(await keepLease())) return
        }
        if (count > 0) log({ level: 'info', event: 'forgotten', kind, count })
      }
    } catch (error) {
      log({ level: 'warn', event: 'notForgotten', reason: reasonOf(error) })
    }
  }

  /**
   * What cannot be written is said, and looked past until the next sweep: it stands before all that is younger.
   *
   * @returns null: nothing of this kind can be read just now
   */
  async function forgetSome(kind: RetentionKind, before: number, now: number, failed: Set<string>) {
    try {
      const done = await store.forgetOld(kind, before, AT_ONCE, now, [...failed])
      const { failed: these = [] } = done
      for (const { id, error } of these) {
        failed.add(id)
        log({ level: 'warn', event: 'notForgotten', kind, id, reason: reasonOf(error) })
      }
      // Bytes that stay behind are found by the sweep of files: their rows say that they are nobody's.
      if (done.attachmentIds.length > 0)
        await removeFiles(done.attachmentIds).catch(error =>
          log({ level: 'warn', event: 'filesNotRemoved', kind, reason: reasonOf(error) }),
        )
      return { count: done.count, tried: done.count + these.length }
    } catch (error) {
      log({ level: 'warn', event: 'notForgotten', kind, reason: reasonOf(error) })
      return null
    }
  }

  const sweepAfter = (wait: number) => {
    stopTimer = clock.after(wait, () => {
      void sweep().then(() => {
        if (!stopped) sweepAfter(SWEEP_EVERY_MS)
      })
    })
  }
  sweepAfter(FIRST_SWEEP_MS)
  return {
    sweep,
    stop() {
      stopped = true
      stopTimer()
    },
  }
}
