// The rules of `LiveTransport` (T1-T5), as cases for whoever writes another carrier.

import type { LinkState, LiveTransport } from '../../live/liveTransport'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'

export interface TransportUnderTest {
  readonly transport: LiveTransport
  /** Breaks the line under the transport; both ends notice. */
  cut(): void
  restore(): void
  /** Makes the server say `queueChanged` to this transport. */
  push(): void
  /** Waits until what is under way has arrived, including a reconnect after `restore`. */
  settle(): Promise<void>
  /** How many `availability` requests the server has got. */
  served(): number
  cleanUp(): Promise<void>
}

/** Each case makes a transport of its own. `availability` is the call that the cases make. */
export function transportContract(make: () => Promise<TransportUnderTest>): readonly ContractCase[] {
  const caseOf = (title: string, run: (made: TransportUnderTest) => Promise<void>): ContractCase => ({
    title,
    async run() {
      const made = await make()
      try {
        await run(made)
      } finally {
        made.transport.close()
        await made.cleanUp()
      }
    },
  })
  const ask = (transport: LiveTransport) => transport.request('availability', { v: 1 })

  return [
    caseOf("[T1] a request resolves with the server's reply", async ({ transport, settle }) => {
      transport.connect()
      await settle()
      const reply = ask(transport)
      await settle()
      expectTrue((await reply).ok, 'the reply is ok')
    }),

    caseOf('[T1] a request on a line that breaks resolves to no_answer, once', async made => {
      const { transport, cut, restore, settle } = made
      transport.connect()
      await settle()
      let answers = 0
      const reply = ask(transport).then(result => {
        answers++
        return result
      })
      cut()
      await settle()
      const result = await reply
      expectEqual(result.ok ? 'ok' : result.code, 'no_answer', 'reply')
      restore()
      await settle()
      expectEqual(answers, 1, 'answers')
    }),

    caseOf('[T2] a request that got no answer is not sent again', async made => {
      const { transport, cut, restore, settle, served } = made
      transport.connect()
      await settle()
      const reply = ask(transport)
      cut()
      await settle()
      await reply
      const before = served()
      restore()
      await settle()
      expectEqual(served(), before, 'requests that reached the server after the line came back')
    }),

    caseOf(
      '[T3] before connect and after close, a request resolves to no_answer',
      async ({ transport, settle }) => {
        const early = await ask(transport)
        expectEqual(early.ok ? 'ok' : early.code, 'no_answer', 'before connect')
        transport.connect()
        await settle()
        transport.close()
        const late = await ask(transport)
        expectEqual(late.ok ? 'ok' : late.code, 'no_answer', 'after close')
      },
    ),

    caseOf('[T4] pushes arrive until their listener is undone', async ({ transport, push, settle }) => {
      let heard = 0
      const undo = transport.on('queueChanged', () => {
        heard++
      })
      transport.connect()
      await settle()
      push()
      await settle()
      expectTrue(heard >= 1, 'a push on a whole line arrives')
      const before = heard
      undo()
      push()
      await settle()
      expectEqual(heard, before, 'pushes heard after the undo')
    }),

    caseOf('[T5] a link listener hears the state now and each change', async made => {
      const { transport, cut, restore, settle } = made
      const states: LinkState[] = []
      transport.onLink(state => states.push(state))
      expectEqual(states, ['offline'], 'at once')
      transport.connect()
      await settle()
      expectEqual(states.at(-1), 'online', 'connected')
      cut()
      await settle()
      expectTrue(states.at(-1) !== 'online', 'not online while cut')
      restore()
      await settle()
      expectEqual(states.at(-1), 'online', 'back')
      transport.close()
      expectEqual(states.at(-1), 'offline', 'closed')
      expectTrue(
        states.every((state, i) => state !== states[i - 1]),
        'each change is told once',
      )
    }),
  ]
}
