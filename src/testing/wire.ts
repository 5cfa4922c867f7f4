// One line between a client and the server in a test: it carries frames, and loses, doubles, delays or holds
// them as the test (or a seed) decides. Knows nothing of what the frames say.

import type { Clock, Undo } from '../base/environment'

export type FrameKind = 'request' | 'ack' | 'push'

/** Chances in [0, 1] and times in ms, drawn from the loopback's seeded chance. */
export interface Faults {
  readonly loseRequests?: number
  readonly loseAcks?: number
  readonly losePushes?: number
  readonly doubleRequests?: number
  readonly doublePushes?: number
  /** Each frame takes between these many ms. Pushes may overtake each other; the rest keeps its order. */
  readonly delayMs?: readonly [number, number]
}

export interface Wire {
  /** From now on frames wait for `deliverToServer` and `deliverToClient`. */
  hold(): void
  /** Delivers what waits, and all that follows as it comes. */
  flow(): void
  /** Lets waiting requests through, oldest first; returns how many. */
  deliverToServer(count?: number): number
  /** Lets waiting acks and pushes through, oldest first; returns how many. */
  deliverToClient(count?: number): number
  dropNextRequest(count?: number): void
  dropNextAck(count?: number): void
  dropNextPush(count?: number): void
  doubleNextRequest(count?: number): void
  doubleNextPush(count?: number): void
  /** Turns the waiting pushes round, newest first. */
  reversePushes(): void
  faults(faults: Faults | null): void
  /** The line breaks: what is on it is lost, both ends are told. */
  cut(): void
  restore(): void
  /** Half open: everything is lost and nobody is told, until `speak`. */
  silence(): void
  speak(): void
}

/** The inside of a wire: what carries frames over it. */
export interface WireEnds {
  readonly wire: Wire
  carry(kind: FrameKind, deliver: () => void): void
  onCut(listener: (isCut: boolean) => void): Undo
  isCut(): boolean
  /** Frames that wait or travel. */
  inFlight(): number
}

interface Frame {
  readonly kind: FrameKind
  readonly line: number
  deliver(): void
}

export function createWire(clock: Clock, random: () => number): WireEnds {
  let isHolding = false
  let isCut = false
  let isSilent = false
  /** Counts up with each cut: frames of an earlier line are lost. */
  let line = 0
  let plan: Faults = {}
  let waiting: Frame[] = []
  let travelling = 0
  const lastArrival = { toServer: 0, toClient: 0 }
  const drop = { request: 0, ack: 0, push: 0 }
  const double = { request: 0, ack: 0, push: 0 }
  const listeners = new Set<(isCut: boolean) => void>()

  const happens = (chance: number | undefined) => chance !== undefined && chance > 0 && random() < chance
  const lossOf = (kind: FrameKind) =>
    kind === 'request' ? plan.loseRequests : kind === 'ack' ? plan.loseAcks : plan.losePushes
  const doublingOf = (kind: FrameKind) =>
    kind === 'request' ? plan.doubleRequests : kind === 'push' ? plan.doublePushes : undefined

  function carry(kind: FrameKind, deliver: () => void) {
    if (isCut || isSilent) return
    if (drop[kind] > 0) {
      drop[kind]--
      return
    }
    if (happens(lossOf(kind))) return
    let times = happens(doublingOf(kind)) ? 2 : 1
    if (double[kind] > 0) {
      double[kind]--
      times = 2
    }
    for (let i = 0; i < times; i++) {
      const frame: Frame = { kind, line, deliver }
      if (isHolding) waiting.push(frame)
      else travel(frame)
    }
  }

  function travel(frame: Frame) {
    const [least, most] = plan.delayMs ?? [0, 0]
    if (most <= 0) return arrive(frame)
    const way = frame.kind === 'request' ? 'toServer' : 'toClient'
    let at = clock.now() + least + random() * (most - least)
    if (frame.kind !== 'push') {
      at = Math.max(at, lastArrival[way])
      lastArrival[way] = at
    }
    travelling++
    clock.after(at - clock.now(), () => {
      travelling--
      arrive(frame)
    })
  }

  function arrive(frame: Frame) {
    if (frame.line === line && !isSilent) frame.deliver()
  }

  function release(count: number, fits: (kind: FrameKind) => boolean): number {
    const out = waiting.filter(frame => fits(frame.kind)).slice(0, count)
    waiting = waiting.filter(frame => !out.includes(frame))
    for (const frame of out) travel(frame)
    return out.length
  }

  const wire: Wire = {
    hold() {
      isHolding = true
    },
    flow() {
      isHolding = false
      release(Number.POSITIVE_INFINITY, () => true)
    },
    deliverToServer: (count = Number.POSITIVE_INFINITY) => release(count, kind => kind === 'request'),
    deliverToClient: (count = Number.POSITIVE_INFINITY) => release(count, kind => kind !== 'request'),
    dropNextRequest(count = 1) {
      drop.request += count
    },
    dropNextAck(count = 1) {
      drop.ack += count
    },
    dropNextPush(count = 1) {
      drop.push += count
    },
    doubleNextRequest(count = 1) {
      double.request += count
    },
    doubleNextPush(count = 1) {
      double.push += count
    },
    reversePushes() {
      const pushes = waiting.filter(frame => frame.kind === 'push').reverse()
      waiting = [...waiting.filter(frame => frame.kind !== 'push'), ...pushes]
    },
    faults(faults) {
      plan = faults ?? {}
    },
    cut() {
      if (isCut) return
      isCut = true
      line++
      waiting = []
      for (const listener of listeners) listener(true)
    },
    restore() {
      if (!isCut) return
      isCut = false
      for (const listener of listeners) listener(false)
    },
    silence() {
      isSilent = true
    },
    speak() {
      isSilent = false
    },
  }

  return {
    wire,
    carry,
    onCut(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isCut: () => isCut,
    inFlight: () => waiting.length + travelling,
  }
}
