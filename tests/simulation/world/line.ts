// The way between a client and the nodes: late, lossy, doubled, cut or silent, as the weather is. It keeps what a
// carrier promises (T1 to T5 of `live/liveTransport`) and nothing more.

import { reconnectWaitMs } from '../../../src/base/backoff'
import type { LinkState } from '../../../src/live/liveTransport'
import { NO_ANSWER } from '../../../src/live/readWire'
import type { Member } from '../../../src/server/membership'
import type { Chance } from './chance'
import type { Clockwork } from './clockwork'
import type { Caller, Node, OfficePush } from './office'

export interface Weather {
  readonly loseRequests: number
  readonly loseAnswers: number
  readonly losePushes: number
  readonly doubleRequests: number
  readonly doublePushes: number
  /** Milliseconds of the slowest frame; each has its own, so that pushes overtake one another. */
  readonly slowestMs: number
  /** Nothing gets through, and nobody notices before the ping. */
  readonly isSilent: boolean
  /** Connections break and none is made. */
  readonly isCut: boolean
}

export const CALM: Weather = {
  loseRequests: 0,
  loseAnswers: 0,
  losePushes: 0,
  doubleRequests: 0,
  doublePushes: 0,
  slowestMs: 20,
  isSilent: false,
  isCut: false,
}

export interface LineHears {
  onLink(state: LinkState): void
  onPush(push: OfficePush): void
}

export interface Line {
  request(name: string, body: unknown, answer: (reply: unknown) => void): void
  connect(): void
  close(): void
  weather(weather: Weather): void
}

const ANSWER_WITHIN_MS = 12_000
const PING_MS = 45_000

export function createLine(
  {
    clock,
    chance,
    nodes,
  }: { readonly clock: Clockwork; readonly chance: Chance; readonly nodes: readonly Node[] },
  who: { readonly member: Member; readonly name: string },
  hears: LineHears,
): Line {
  let weather = CALM
  let node: Node | null = null
  let caller: Caller | null = null
  let isWanted = false
  let attempt = 0
  let retry = () => {}
  let ping = () => {}
  const unanswered = new Set<() => void>()

  const late = () => 1 + chance.roll() * weather.slowestMs
  const isLost = (share: number) => weather.isSilent || (share > 0 && chance.roll() < share)

  const tryNow = () => {
    retry()
    if (!isWanted || node) return
    const up = nodes.filter(each => each.isUp())
    if (weather.isCut || weather.isSilent || up.length === 0) return tryLater()
    attempt = 0
    const chosen = chance.pick(up)
    const mine: Caller = {
      ...who,
      joined: new Set(),
      push(push) {
        const times = isLost(weather.losePushes) ? 0 : chance.roll() < weather.doublePushes ? 2 : 1
        for (let n = 0; n < times; n++)
          clock.after(late(), () => {
            if (caller === mine) hears.onPush(push)
          })
      },
      lost: () => caller === mine && lost(),
    }
    node = chosen
    caller = mine
    chosen.connect(mine)
    hears.onLink('online')
  }
  const tryLater = () => {
    retry = clock.after(reconnectWaitMs(attempt++, true, chance.roll()), tryNow)
  }
  const drop = () => {
    ping()
    if (node && caller) node.disconnect(caller)
    node = caller = null
    for (const giveUp of [...unanswered]) giveUp()
  }
  const lost = () => {
    drop()
    if (!isWanted) return
    hears.onLink('retrying')
    tryLater()
  }

  return {
    request(name, body, answer) {
      const mine = caller
      const serving = node
      if (!mine || !serving) {
        clock.after(0, () => answer(NO_ANSWER))
        return
      }
      const end = (reply: unknown) => {
        if (!unanswered.delete(giveUp)) return
        stop()
        answer(reply)
      }
      const giveUp = () => end(NO_ANSWER)
      const stop = clock.after(ANSWER_WITHIN_MS, giveUp)
      unanswered.add(giveUp)
      const times = isLost(weather.loseRequests) ? 0 : chance.roll() < weather.doubleRequests ? 2 : 1
      for (let n = 0; n < times; n++)
        clock.after(late(), () => {
          if (caller !== mine) return
          serving.call(mine, name, body, reply => {
            // The answer to a connection that is no more reaches nobody.
            if (caller !== mine || isLost(weather.loseAnswers)) return
            clock.after(late(), () => {
              if (caller === mine) end(reply)
            })
          })
        })
    },
    connect() {
      if (isWanted) return
      isWanted = true
      hears.onLink('connecting')
      clock.after(1, tryNow)
    },
    close() {
      isWanted = false
      retry()
      drop()
      hears.onLink('offline')
    },
    weather(next) {
      weather = next
      ping()
      if (weather.isCut && node) lost()
      else if (weather.isSilent && node)
        ping = clock.after(PING_MS, () => {
          if (node) lost()
        })
      else if (!weather.isCut && isWanted && !node) {
        retry()
        tryLater()
      }
    },
  }
}
