// Which promise of a ticket presses, by the agent's own clock. Pure: what the server said of it once and the time now
// in, so that a row goes from warning to late while nobody is asked.

import type { TicketLevel, TicketLevels } from '../protocol/wire'

export interface PressingLevel {
  readonly of: keyof TicketLevels
  readonly state: 'warning' | 'breached'
  readonly dueAt: number | null
}

/** As it stands by now; `met`, `missed` and `paused` stay, because only an event changes them. */
export function levelNow({ state, dueAt, warnAt }: TicketLevel, now: number): TicketLevel['state'] {
  if (state !== 'ok' && state !== 'warning') return state
  if (dueAt !== null && now >= dueAt) return 'breached'
  return state === 'warning' || (warnAt !== undefined && now >= warnAt) ? 'warning' : 'ok'
}

/** What is late before what will be, then what is due first; null: nothing presses. */
export function pressingLevel(levels: TicketLevels | undefined, now: number): PressingLevel | null {
  let worst: PressingLevel | null = null
  for (const of of ['firstResponse', 'resolution'] as const) {
    const level = levels?.[of]
    const state = level && levelNow(level, now)
    if (!level || (state !== 'warning' && state !== 'breached')) continue
    const one: PressingLevel = { of, state, dueAt: level.dueAt }
    if (!worst || byPressing(one, worst) < 0) worst = one
  }
  return worst
}

/** Late first, then what is due sooner; what nothing presses comes last. */
export function byPressing(a: PressingLevel | null, b: PressingLevel | null): number {
  const rank = (one: PressingLevel | null) => (one ? (one.state === 'breached' ? 0 : 1) : 2)
  return rank(a) - rank(b) || (a && b ? (a.dueAt ?? 0) - (b.dueAt ?? 0) : 0)
}

/** Whole minutes until then, at least one. */
export function minutesUntil(dueAt: number, now: number): number {
  return Math.max(1, Math.ceil((dueAt - now) / 60_000))
}
