// How many connections there may be at once: by identity, by network address and on this node. Counts those that
// are open; how fast new ones may come is admission's.

import type { Undo } from '../base/environment'

export interface ConnectionCaps {
  /** Tabs without Web Locks, devices, and what a flaky network leaves half-open behind it. */
  readonly perIdentity: number
  /** A school whose thousand pupils all chat; idle pages hold no connection. */
  readonly perAddress: number
  /** Some 30 kB each: 600 MB. */
  readonly perNode: number
}

export const DEFAULT_CAPS: ConnectionCaps = { perIdentity: 30, perAddress: 1_000, perNode: 20_000 }

export interface Connections {
  hasRoom(identity: string, address: string | null): boolean
  /** Counts one until the undo. */
  add(identity: string, address: string | null): Undo
}

export function createConnections(caps: ConnectionCaps): Connections {
  const counts = new Map<string, number>()
  let all = 0
  const keys = (identity: string, address: string | null) =>
    address === null ? [`i ${identity}`] : [`i ${identity}`, `a ${address}`]
  const change = (key: string, by: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + by
    if (count > 0) counts.set(key, count)
    else counts.delete(key)
  }
  return {
    hasRoom(identity, address) {
      const [ofIdentity = '', ofAddress] = keys(identity, address)
      return (
        all < caps.perNode &&
        (counts.get(ofIdentity) ?? 0) < caps.perIdentity &&
        (ofAddress === undefined || (counts.get(ofAddress) ?? 0) < caps.perAddress)
      )
    },
    add(identity, address) {
      const own = keys(identity, address)
      all++
      for (const key of own) change(key, 1)
      let gone = false
      return () => {
        if (gone) return
        gone = true
        all--
        for (const key of own) change(key, -1)
      }
    },
  }
}
