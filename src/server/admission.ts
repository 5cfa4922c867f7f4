// How often somebody may call (D19): a bucket of tokens for each identity and kind of call.
// In memory and a node's own: it is a shield, no truth, and an approximate one is enough.

export interface Rate {
  /** How many at once. */
  readonly burst: number
  readonly perSecond: number
}

/** Generous to a person who pastes or comes back with 50 unsent messages; a wall to a loop. */
export const RATES = {
  drafts: { burst: 200, perSecond: 10 },
  opens: { burst: 10, perSecond: 0.2 },
  calls: { burst: 120, perSecond: 20 },
  typing: { burst: 5, perSecond: 1 },
  signIns: { burst: 10, perSecond: 0.1 },
} as const satisfies Record<string, Rate>

export interface Admission {
  /** Takes `cost` tokens; returns 0 when admitted, else the milliseconds after which it would be. */
  take(kind: keyof typeof RATES, who: string, now: number, cost?: number): number
}

/** Fractions of a token are added up in floating point: this much is noise, not a token. */
const ROUNDING = 1e-6

/** Buckets that are full again are forgotten, when there are more than this. */
const SWEEP_ABOVE = 10_000

export function createAdmission(rates: Readonly<Record<keyof typeof RATES, Rate>> = RATES): Admission {
  const buckets = new Map<string, { tokens: number; at: number; rate: Rate }>()

  return {
    take(kind, who, now, cost = 1) {
      const rate = rates[kind]
      const key = `${kind} ${who}`
      const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now, rate }
      // A clock that jumps back gives nothing and takes nothing.
      const passed = Math.max(0, now - bucket.at) / 1_000
      const tokens = Math.min(rate.burst, bucket.tokens + passed * rate.perSecond)
      const wanted = Math.min(cost, rate.burst)
      const admitted = tokens >= wanted - ROUNDING
      buckets.set(key, { tokens: admitted ? Math.max(0, tokens - wanted) : tokens, at: now, rate })
      if (buckets.size > SWEEP_ABOVE) sweep(buckets, now)
      return admitted ? 0 : Math.ceil(((wanted - tokens) / rate.perSecond) * 1_000 - ROUNDING)
    },
  }
}

function sweep(buckets: Map<string, { tokens: number; at: number; rate: Rate }>, now: number): void {
  for (const [key, { tokens, at, rate }] of buckets)
    if (tokens + ((now - at) / 1_000) * rate.perSecond >= rate.burst) buckets.delete(key)
}
