// The dice of one schedule: same seed, same throws.

import { seeded } from '../../../src/testing/seeded'

export interface Chance {
  /** In [0, 1). */
  roll(): number
  /** A whole number in [0, n). */
  below(n: number): number
  pick<Item>(items: readonly Item[]): Item
}

export function createChance(seed: number): Chance {
  const roll = seeded(seed)
  return {
    roll,
    below: n => Math.floor(roll() * n),
    pick: items => items[Math.floor(roll() * items.length)] as never,
  }
}
