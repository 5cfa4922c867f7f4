// One agent's desk: the project's own model over a line that fails. A reload keeps what a browser keeps.

import type { Environment } from '../../../src/base/environment'
import { createMemoryStore } from '../../../src/base/keyedStore'
import { safeStorage } from '../../../src/base/safeStorage'
import { createDeskModel, type DeskModel } from '../../../src/desk/deskModel'
import { createPreferences } from '../../../src/desk/preferences'
import type { Priority } from '../../../src/protocol/records'
import type { DeskCalls } from '../../../src/protocol/wire'
import { CALM, type Weather } from '../world/line'
import { createCarrier, type World } from './carrier'
import { createFiles, fileNamed } from './files'
import type { Crew, Office } from './office'

export interface Desk {
  readonly crew: Crew
  model(): DeskModel
  /** False: closed for good. */
  isOpen(): boolean
  /** Does one thing that an agent might do now. */
  act(): void
  /** Opens each conversation once more and decides what waits for the agent. */
  decide(): void
  reload(): void
  /** Closes the desk for good. */
  leave(): void
  weather(weather: Weather): void
}

const PRIORITIES: readonly Priority[] = ['urgent', 'high', 'normal', 'low']
/** Of words that no visitor may ever read. */
export const SECRET = '§'

export function createDesk(
  world: World,
  office: Office,
  environment: Environment,
  crew: Crew,
  everybody: readonly Crew[],
  next: () => string,
  isRough: () => boolean,
): Desk {
  const { chance } = world
  const { agentId, name } = crew
  const member = { kind: 'agent', agentId, role: crew.role } as const
  const disk = createMemoryStore('stored')
  const tabStore = safeStorage(() => undefined)
  const deviceStore = safeStorage(() => undefined)
  createPreferences(deviceStore, agentId).setHoldsReplies(chance.below(3) === 0)
  let weather = CALM
  let model: DeskModel | null = null
  let setWeather: (weather: Weather) => void = () => {}

  function load() {
    const carried = createCarrier<DeskCalls>(world, { member, name })
    carried.weather(weather)
    setWeather = carried.weather
    const made = createDeskModel({
      env: environment,
      account: {
        me: async () => ({ ok: true, agent: { agentId, name } }),
        signIn: async () => ({ ok: true, agent: { agentId, name } }),
        signOut: async () => {},
      },
      createTransport: () => carried.transport,
      openStore: async () => disk,
      tabStore,
      deviceStore,
      createFiles: (conversationId, owner, fileUrls) =>
        createFiles({
          world,
          office,
          environment,
          member,
          tab: tabStore,
          conversationId,
          owner,
          fileUrls,
          isRough,
        }),
    })
    model = made
    void made.begin()
  }
  load()

  const at = () => {
    if (!model) throw new Error('the desk is closed')
    return model
  }

  function write(made: DeskModel, mode: 'reply' | 'note') {
    const text = mode === 'note' ? `${SECRET} ${next()}` : next()
    made.workplace.value?.composer.setMode(mode)
    made.setDraft(text)
    made.send({ isNow: chance.below(2) === 0 })
  }

  const ofMine: readonly ((made: DeskModel) => void)[] = [
    made => write(made, 'reply'),
    made => write(made, 'reply'),
    made => write(made, 'reply'),
    made => void made.takeBack(),
    made => made.files.value?.add([fileNamed(`${next().replace(' ', '-')}.txt`)]),
    made => made.files.value?.add([fileNamed(`${next().replace(' ', '-')}.txt`)]),
    made => {
      for (const item of made.files.value?.items.value ?? []) {
        if (item.canRetry && chance.below(2) === 0) made.files.value?.retry(item.key)
        else if (chance.below(6) === 0) made.files.value?.remove(item.key)
      }
    },
    made => void made.release(),
    made => {
      const note = chance.below(2) === 0 ? `${SECRET} ${next()}` : ''
      const [team] = chance.pick(everybody).teams
      const toAgent = { agentId: chance.pick(everybody).agentId }
      void made.transfer(team !== undefined && chance.below(2) === 0 ? { team } : toAgent, note)
    },
    made => void made.transfer({ agentId: chance.pick(everybody).agentId }),
    made =>
      void made.transfer(
        { agentId: chance.pick(everybody).agentId },
        chance.below(2) === 0 ? `${SECRET} ${next()}` : '',
      ),
    made => {
      if (chance.below(3) > 0) return
      made.end(chance.pick(['', 'billing', 'account']))
      if (chance.below(4) === 0) made.keepOpen()
    },
    made => {
      if (chance.below(4) === 0) void made.openTicket(chance.below(2) === 0 ? { category: 'billing' } : {})
    },
  ]
  const ofAny: readonly ((made: DeskModel) => void)[] = [
    made => write(made, 'note'),
    made => void made.workplace.value?.details.setLabel(`${SECRET}${next()}`, true),
    made => {
      const { labels = [] } = made.workplace.value?.details.details.value ?? {}
      if (labels.length > 0) void made.workplace.value?.details.setLabel(chance.pick(labels), false)
    },
    made => void made.workplace.value?.details.setPriority(chance.pick(PRIORITIES)),
    made => void made.workplace.value?.details.setPriority(chance.pick(PRIORITIES)),
    made => void made.workplace.value?.details.setCategory(chance.pick(['billing', 'account'])),
    made => void made.workplace.value?.people.setAway(chance.below(3) === 0),
    made => made.close(),
  ]

  const ofTicket: readonly ((made: DeskModel) => void)[] = [
    made => write(made, 'note'),
    made => write(made, 'reply'),
    made => write(made, 'reply'),
    made => {
      if (chance.below(3) === 0) made.end(chance.pick(['', 'billing']))
    },
  ]

  return {
    crew,
    model: at,
    isOpen: () => model !== null,
    act() {
      if (!model) return
      const made = model
      const rows = made.rows.value
      const { openId } = made
      if (rows.length > 0 && (openId.value === null || chance.below(3) === 0)) {
        const mine = rows.filter(row => row.isMine)
        made.open(chance.pick(mine.length > 0 && chance.below(2) === 0 ? mine : rows).conversationId)
      }
      const thread = made.thread.value
      if (!thread) return
      if (thread.isMine) return chance.pick(chance.below(4) === 0 ? ofAny : ofMine)(made)
      const { phase } = thread.state
      if (phase === 'queued' || phase === 'ticketed') {
        if (chance.below(3) === 0) chance.pick(ofAny)(made)
        else if (phase === 'ticketed' && chance.below(4) > 0) chance.pick(ofTicket)(made)
        else void made.claim()
      } else if (thread.mayReopen && chance.below(4) === 0) {
        void made.reopen()
      } else if (phase === 'live' && chance.below(3) === 0) void made.takeOver(thread.conversationId)
      else chance.pick(ofAny)(made)
    },
    decide() {
      for (const item of model?.thread.value?.items ?? []) {
        if (item.kind !== 'message' || !item.state) continue
        if (item.state === 'needsConfirm') model?.retry(item.key)
        else if (typeof item.state === 'object') model?.discard(item.key)
      }
      for (const note of model?.workplace.value?.notes.pending.value ?? [])
        if (typeof note.state === 'object') model?.workplace.value?.notes.discard(note.noteId)
    },
    reload() {
      if (!model) return
      model.dispose()
      load()
    },
    leave() {
      model?.dispose()
      model = null
    },
    weather(next) {
      weather = next
      setWeather(next)
    },
  }
}
