// Several visitors in one process that may be killed at any moment; what its file holds is what is left of it.

import { randomInt } from 'node:crypto'
import { signVisitor } from '../../../src/server/signedVisitors'
import { openHistory } from './history'
import { createPerson, type Person, type Status } from './person'

export interface ClientConfig {
  readonly name: string
  /** Counts up with each start of this process. */
  readonly life: number
  readonly visitors: readonly ClientVisitor[]
  /** What the host's backend signs with. */
  readonly secret: string
  readonly histories: string
  readonly serverUrl: string
  readonly line: string
  /** Mean pause of one visitor between two messages, milliseconds; 0: says nothing unasked. */
  readonly paceMs: number
}

export interface ClientVisitor {
  readonly name: string
  readonly hasSocket?: boolean
  readonly clockOffMs?: number
  /** Signed in by the host, with tokens that last so long; the host hands out a new one when the old one is over. */
  readonly tokenForMs?: number
}

export type ClientOrder =
  | { readonly order: 'pace'; readonly paceMs: number }
  /** As many messages at once, of the visitor with this number. */
  | {
      readonly order: 'burst'
      readonly visitor: number
      readonly count: number
      /** Characters of each. */
      readonly length: number
    }
  | { readonly order: 'clock'; readonly visitor: number; readonly offMs: number }
  | { readonly order: 'status'; readonly ask: number }
  | { readonly order: 'end' }

export type ClientWord =
  | { readonly word: 'ready' }
  | { readonly word: 'status'; readonly ask: number; readonly statuses: readonly Status[] }
  | { readonly word: 'said'; readonly texts: readonly string[] }
  | { readonly word: 'ended' }

const config = JSON.parse(process.argv[2] ?? '{}') as ClientConfig
const record = openHistory(config.histories, `client-${config.name}-${config.life}`)
const people: Person[] = []
let { paceMs } = config
const tell = (word: ClientWord) => process.send?.(word)

process.once('disconnect', () => process.exit(0))
process.on('message', async (order: ClientOrder) => {
  if (order.order === 'pace') paceMs = order.paceMs
  if (order.order === 'clock') people[order.visitor]?.setClock(order.offMs)
  if (order.order === 'burst') {
    const person = people[order.visitor]
    const texts = await Promise.all(
      Array.from({ length: order.count }, () => person?.say(order.length) ?? ''),
    )
    tell({ word: 'said', texts })
  }
  if (order.order === 'status')
    tell({ word: 'status', ask: order.ask, statuses: people.map(person => person.status()) })
  if (order.order === 'end') {
    for (const person of people) person.end()
    tell({ word: 'ended' })
  }
})

for (const visitor of config.visitors) {
  const person = await createPerson({
    visitor: visitor.name,
    sender: visitor.name,
    load: String(config.life),
    line: config.line,
    serverUrl: config.serverUrl,
    record,
    ...(visitor.hasSocket !== undefined && { hasSocket: visitor.hasSocket }),
    ...(visitor.clockOffMs !== undefined && { clockOffMs: visitor.clockOffMs }),
    ...(visitor.tokenForMs !== undefined && {
      visitorId: visitor.name,
      getToken: tokens(visitor.name, visitor.tokenForMs),
    }),
  })
  people.push(person)
  void chat(person)
}
tell({ word: 'ready' })

/** As a host does: the same token until it is over, and perhaps a moment too long. */
function tokens(visitorId: string, validForMs: number): () => Promise<string> {
  let token = ''
  let until = 0
  return async () => {
    if (Date.now() < until) return token
    until = Date.now() + validForMs
    token = await signVisitor(config.secret, { visitorId }, { validForMs })
    record({ kind: 'note', screen: visitorId, what: 'token' })
    return token
  }
}

async function chat(person: Person): Promise<never> {
  for (;;) {
    const pace = paceMs || 200
    await new Promise(done => setTimeout(done, randomInt(Math.ceil(pace * 2)) + 1))
    // Long words now and then: a slow line must carry them too.
    if (paceMs) await person.say(randomInt(20) === 0 ? 2_000 : 0)
  }
}
