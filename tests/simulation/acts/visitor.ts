// One visitor's device with one tab: the project's own live model over a line that fails.

import type { Environment } from '../../../src/base/environment'
import { createMemoryStore } from '../../../src/base/keyedStore'
import { safeStorage } from '../../../src/base/safeStorage'
import { createLiveModel, type LiveModel } from '../../../src/live/liveModel'
import { isStuck } from '../../../src/live/outbox'
import { namesOf } from '../../../src/protocol/attachments'
import type { VisitorBody } from '../../../src/protocol/events'
import type { Brief } from '../../../src/protocol/records'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { ALONE } from '../../support/pageAlone'
import { CALM, type Weather } from '../world/line'
import { createCarrier, type World } from './carrier'
import { createFiles, fileNamed } from './files'
import type { Office } from './office'

export interface Visitor {
  readonly name: string
  model(): LiveModel
  act(): void
  /** Asks for a person, where there is no conversation. */
  ask(): void
  decide(): void
  reload(): void
  leave(): void
  weather(weather: Weather): void
}

const briefOf = (name: string): Brief => ({
  reason: 'askedForPerson',
  page: { url: 'https://x.test/', route: '/', title: 'X', name: 'X', headings: [], language: 'en', data: {} },
  visitor: { name, locale: 'en', attributes: {} },
  articlesRead: [],
  slots: [],
  question: `question of ${name}`,
  turns: 1,
})

export function createVisitor(
  world: World,
  office: Office,
  environment: Environment,
  name: string,
  next: () => string,
  isRough: () => boolean,
): Visitor {
  const { chance } = world
  const member = { kind: 'visitor', identities: [`anon:${name}`] } as const
  const disk = createMemoryStore('stored')
  const tab = safeStorage(() => undefined)
  let weather = CALM
  let setWeather: (weather: Weather) => void = () => {}
  let request: ReturnType<typeof createCarrier<VisitorCalls>>['transport']['request']

  function load(): LiveModel {
    const { transport, ...carried } = createCarrier<VisitorCalls>(world, { member, name })
    carried.weather(weather)
    setWeather = carried.weather
    request = transport.request
    const made = createLiveModel({
      environment,
      store: disk,
      tabs: ALONE,
      identity: `site/${name}`,
      getToken: async () => null,
      setWaiting() {},
      connectVia: () => ({
        ...transport,
        onStranded(listener) {
          listener(false)
          return () => {}
        },
      }),
      loadFiles: async conversationId =>
        createFiles({
          world,
          office,
          environment,
          member,
          tab,
          conversationId,
          isRough,
          fileUrls: attachmentIds => transport.request('fileUrls', { v: 1, conversationId, attachmentIds }),
        }),
    })
    void made.resume()
    return made
  }
  let model = load()

  const send = (body: VisitorBody) => void model.send({ clientId: environment.randomId(), body })
  const say = () => {
    const attachments = model.files.value?.take() ?? []
    const text = attachments.length > 0 && chance.below(2) === 0 ? namesOf(attachments) : next()
    send({ type: 'message', text, format: 'plain', ...(attachments.length > 0 && { attachments }) })
  }
  const acts: readonly (() => void)[] = [
    say,
    say,
    say,
    () => model.files.value?.add([fileNamed(`${next().replace(' ', '-')}.txt`)]),
    () => model.files.value?.add([fileNamed(`${next().replace(' ', '-')}.txt`)]),
    () => {
      for (const item of model.files.value?.items.value ?? []) {
        if (item.canRetry && chance.below(2) === 0) model.files.value?.retry(item.key)
        else if (chance.below(6) === 0) model.files.value?.remove(item.key)
      }
    },
    () => send({ type: 'rated', score: chance.pick([1, 2, 3, 4, 5, null] as const), comment: next() }),
    () => model.markRead(model.events.value.length),
    () => model.visits(briefOf(name).page),
    () => void request('conversations', { v: 1 }),
    () => {
      if (chance.below(5) === 0) send({ type: 'ended', by: 'visitor' })
    },
    () => {
      if (model.state.value.phase === 'queued' && chance.below(4) === 0) send({ type: 'cancelled' })
    },
  ]

  return {
    name,
    model: () => model,
    act() {
      if (model.hasThread.value) chance.pick(acts)()
    },
    ask() {
      if (model.hasThread.value) {
        const { phase, ticket } = model.state.value
        const isOver = phase === 'ended' && model.rows.value.length === 0
        // Not solved after all.
        if (isOver && ticket && chance.below(2) === 0) send({ type: 'reopened', by: 'visitor' })
        else if (isOver) void model.leave()
        // Nobody was there, or the visitor went away from the queue: the same conversation asks again.
        else if (['bot', 'offered'].includes(model.state.value.phase) && model.conversationId.value)
          send({ type: 'handoffReady', channel: chance.below(3) === 0 ? 'ticket' : 'live' })
        return
      }
      void model.open(
        briefOf(name),
        [{ clientId: environment.randomId(), body: { type: 'message', text: next(), format: 'plain' } }],
        {
          clientId: environment.randomId(),
          body: { type: 'handoffReady', channel: chance.below(5) === 0 ? 'ticket' : 'live' },
        },
      )
    },
    decide() {
      for (const row of model.rows.value)
        if (isStuck(row)) {
          if (row.state === 'needsConfirm') model.retry(row.clientId)
          else model.discard(row.clientId)
        }
    },
    reload() {
      model.dispose()
      model = load()
    },
    leave: () => model.dispose(),
    weather(next) {
      weather = next
      setWeather(next)
    },
  }
}
