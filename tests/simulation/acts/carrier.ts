// A carrier over a line of the simulated world (`world/line`), with everything that was asked and answered written
// down: what an agent did and was told is done, and each frame that came to a visitor.

import { createListeners } from '../../../src/live/linkState'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { PushName } from '../../../src/protocol/wire'
import type { Member } from '../../../src/server/membership'
import type { ManualClock } from '../../../src/testing/manualClock'
import type { Chance } from '../world/chance'
import { createLine, type Weather } from '../world/line'
import type { Node } from '../world/office'

/** One call, from its beginning to its end. */
export interface Act {
  readonly member: Member
  readonly name: string
  readonly body: Readonly<Record<string, unknown>>
  readonly at: number
  /** When its answer came, or that none did; null: neither yet. */
  endedAt: number | null
  reply: (Readonly<Record<string, unknown>> & { readonly ok: boolean; readonly code?: string }) | null
}

export interface World {
  readonly clock: ManualClock
  readonly chance: Chance
  readonly nodes: readonly Node[]
  readonly acts: Act[]
  /** All that ever came to a visitor's device, as text. */
  readonly toVisitors: string[]
}

export interface Carried<Calls> {
  readonly transport: LiveTransport<Calls>
  weather(weather: Weather): void
}

export function createCarrier<Calls>(
  world: World,
  who: { readonly member: Member; readonly name: string },
): Carried<Calls> {
  const listeners = createListeners()
  const { clock } = world
  const isVisitor = who.member.kind === 'visitor'
  const came = (frame: unknown) => {
    if (isVisitor) world.toVisitors.push(JSON.stringify(frame))
  }
  const line = createLine({ ...world, clock: { ...clock, run: clock.advance } }, who, {
    onLink: listeners.set,
    onPush({ name, payload }) {
      came(payload)
      listeners.emit(name as PushName, payload as never)
    },
  })
  let isSilent = false
  return {
    weather(next) {
      // What was lost in a silence is not lost from a line that stands: TCP sends it again, or breaks.
      if (isSilent) line.weather({ ...next, isCut: true })
      isSilent = next.isSilent
      line.weather(next)
    },
    transport: {
      request(name, body) {
        const act: Act = {
          member: who.member,
          name,
          body: body as never,
          at: clock.now(),
          endedAt: null,
          reply: null,
        }
        world.acts.push(act)
        return new Promise(resolve =>
          line.request(name, body, reply => {
            came(reply)
            act.endedAt = clock.now()
            act.reply = reply as never
            resolve(reply as never)
          }),
        )
      },
      on: listeners.on,
      onLink: listeners.onLink,
      connect: line.connect,
      nudge() {},
      close: line.close,
    },
  }
}
