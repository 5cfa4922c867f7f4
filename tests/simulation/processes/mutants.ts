// Ten known ways to break the promise, each as a patch of the sources, the scene that it does not survive, and what
// the judge must say of it. A judge that lets one of them through is no judge.

import { join } from 'node:path'
import type { Patch } from './bundle'
import { NO_BEACON, type Played, play, type ScenarioName, scenarios } from './scenarios'

export interface Mutant {
  readonly name: string
  readonly patches: readonly Patch[]
  readonly scenario: ScenarioName
  /** At least one of these is found. */
  readonly expects: readonly string[]
}

const STATEMENTS = 'src/server/store/statements.ts'
const BATCH = 'src/server/store/batch.ts'
const GROUP_COMMIT = 'src/server/store/groupCommit.ts'
const server = (file: string, find: string, replace: string): Patch => ({
  part: 'server',
  file,
  find,
  replace,
})
const client = (file: string, find: string, replace: string): Patch => ({
  part: 'client',
  file,
  find,
  replace,
})

/** A moment in which an answer or a push that should have waited is on the wire. */
const LINGER = 'await new Promise(done => setTimeout(done, 30))'

const NO_INDEX = server(
  'src/server/store/migrations.ts',
  `.columns(['client_id', 'conversation_id', 'sender'])
        .unique()`,
  ".columns(['client_id', 'conversation_id', 'sender'])",
)
const ALWAYS_LOOKS_UP = server(
  GROUP_COMMIT,
  'let looksUpUntil = memory ? 0 : Number.POSITIVE_INFINITY',
  'let looksUpUntil = Number.POSITIVE_INFINITY',
)
const NO_LOOKUP = server(
  STATEMENTS,
  'from asklet_events where (conversation_id, sender, client_id) in (',
  'from asklet_events where 1 = 0 and (conversation_id, sender, client_id) in (',
)
export const mutants: readonly Mutant[] = [
  {
    name: 'ack before commit',
    scenario: 'killedInside',
    patches: [
      server(
        GROUP_COMMIT,
        'const answers = await inTransaction(batch, on => together(on, batch, guesses))',
        `const answers = await inTransaction(batch, async on => {
          const done = await together(on, batch, guesses)
          for (const [n, one] of batch.entries()) {
            const answer = done.answers[n]
            if (answer && 'value' in answer) one.resolve(answer.value as never)
          }
          ${LINGER}
          return done
        })`,
      ),
    ],
    expects: ['lost'],
  },
  {
    name: 'no unique index',
    scenario: 'lostAnswers',
    patches: [NO_INDEX, NO_LOOKUP],
    expects: ['duplicate'],
  },
  {
    name: 'dedupe in memory',
    scenario: 'killedAfter',
    patches: [
      NO_INDEX,
      NO_LOOKUP,
      ALWAYS_LOOKS_UP,
      server(
        STATEMENTS,
        `      return found
    },

    async opened(`,
        `      const { seen } = globalThis as unknown as { seen?: Map<string, KnownEvent> }
      for (const [conversationId, sender, clientId] of keys) {
        const event = seen?.get(conversationId + keyOf(sender, clientId))
        if (event)
          found.set(
            conversationId,
            new Map([...(found.get(conversationId) ?? []), [keyOf(sender, clientId), event]]),
          )
      }
      return found
    },

    async opened(`,
      ),
      server(
        STATEMENTS,
        'for (const part of powersOfTwo(added)) await insertEvents(on, part.length, eventParameters(part))',
        `for (const part of powersOfTwo(added)) await insertEvents(on, part.length, eventParameters(part))
      const place = globalThis as unknown as { seen?: Map<string, KnownEvent> }
      place.seen ??= new Map()
      for (const { event, sender, body } of added)
        place.seen.set(event.conversationId + keyOf(sender, event.clientId), { seq: event.seq, at: event.at, body })`,
      ),
    ],
    expects: ['duplicate'],
  },
  {
    name: 'seq in memory',
    scenario: 'refusedCommit',
    patches: [
      server(
        BATCH,
        'const row = rows.get(conversationId) ?? facts.rows.get(conversationId) ?? null',
        `const place = globalThis as unknown as { heads?: Map<string, number> }
    place.heads ??= new Map()
    const loaded = rows.get(conversationId) ?? facts.rows.get(conversationId) ?? null
    const row = loaded && { ...loaded, head: place.heads.get(conversationId) ?? loaded.head }`,
      ),
      server(
        BATCH,
        'rows.set(conversationId, outcome.row)\n',
        'rows.set(conversationId, outcome.row)\n    place.heads.set(conversationId, outcome.row.head)\n',
      ),
    ],
    expects: ['gap'],
  },
  {
    name: 'emit before commit',
    scenario: 'killedInside',
    patches: [
      server(
        'src/server/conversations.ts',
        'authorise: row => (by ? authorise(by.member, by.call, row) : null),\n      plan: maskedPlan(levels ? promisedPlan(plan, levels, await keptLevels(levels)) : plan, again.decided),',
        `authorise: row => (by ? authorise(by.member, by.call, row) : null),
      plan: (row, draft) => {
        const planned = plan(row, draft)
        if (typeof planned !== 'string')
          void epochOf(row).then(known =>
            push({
              name: 'events',
              to: { conversationId },
              payload: {
                conversationId,
                epoch: known,
                events: planned.map(({ clientId, author, body }, n) => ({
                  conversationId,
                  seq: row.head + 1 + n,
                  clientId,
                  at: clock.now(),
                  author,
                  body,
                })),
              },
            }),
          )
        return planned
      },`,
      ),
      server(
        GROUP_COMMIT,
        'const { answers, rows, touched, forgetsAll } = await run({ runner, builder })',
        `const { answers, rows, touched, forgetsAll } = await run({ runner, builder })\n        ${LINGER}`,
      ),
    ],
    expects: ['diverged'],
  },
  {
    name: 'new key on retry',
    scenario: 'lostAnswers',
    patches: [
      client(
        'src/live/outbox.ts',
        `      state: 'queued',
      attempts: row.attempts + 1,
      notBefore: now +`,
        `      ...renamed(row),
      state: 'queued',
      attempts: row.attempts + 1,
      notBefore: now +`,
      ),
      client(
        'src/live/outbox.ts',
        `row.state === 'sending'
      ? { ...row, state: 'queued', attempts: row.attempts + 1, notBefore: 0 }`,
        `row.state === 'sending'
      ? { ...row, ...renamed(row), state: 'queued', attempts: row.attempts + 1, notBefore: 0 }`,
      ),
      client(
        'src/live/outbox.ts',
        'function lastPlace(',
        `function renamed<Body extends EventBody>(row: OutboxRow<Body>): Partial<OutboxRow<Body>> {
  if (!row.draft) return {}
  const clientId = row.clientId + 'x'
  return { clientId, draft: { ...row.draft, clientId } }
}
function lastPlace(`,
      ),
    ],
    expects: ['duplicate'],
  },
  {
    name: 'outbox in memory',
    scenario: 'reloadedTab',
    patches: [
      {
        part: 'page',
        file: 'src/base/keyedStore.ts',
        find: 'for (const [key, value] of entries) records.put(value, key)',
        replace: "for (const [key, value] of entries) if (!key.includes('/row/')) records.put(value, key)",
      },
    ],
    expects: ['lost'],
  },
  { name: 'no beacon', scenario: 'noPush', patches: [NO_BEACON], expects: ['not converged'] },
  {
    name: 'no gap check',
    scenario: 'holedPush',
    patches: [
      client(
        'src/live/catchUp.ts',
        'return cursor.isInDoubt || cursor.last < cursor.head',
        'return cursor.isInDoubt',
      ),
    ],
    expects: ['not converged'],
  },
  {
    name: 'synchronous=OFF',
    scenario: 'traced',
    patches: [
      server('src/server/store/openSqlStore.ts', 'pragma synchronous = full', 'pragma synchronous = off'),
    ],
    expects: ['not durable'],
  },
]

export interface Caught {
  readonly mutant: string
  readonly scenario: string
  /** What the judge said; null when it saw nothing that was expected. */
  readonly by: string | null
  readonly skipped?: string
}

/** Plays each scene on the real build; true when all of them are green. */
export async function playScenes(options: {
  readonly folder: string
  readonly seed: number
  readonly names?: readonly string[]
  say(line: string): void
}): Promise<boolean> {
  const { folder, seed, say } = options
  let isHealthy = true
  for (const [key, scenario] of Object.entries(scenarios)) {
    if (options.names && !options.names.includes(key)) continue
    const missing = scenario.missing?.() ?? null
    if (missing !== null) {
      say(`not here: ${key} (${missing})`)
      continue
    }
    const real = await play(scenario, [], join(folder, key), seed)
    const isGreen = real.found.size === 0 && real.acked > 0
    isHealthy &&= isGreen
    say(`${key}, ${scenario.name}: ${isGreen ? `green, ${real.acked} acknowledged` : `RED: ${words(real)}`}`)
  }
  return isHealthy
}

/**
 * Plays each scene on the real build and on its mutants.
 *
 * @param names  only these mutants
 */
export async function huntMutants(options: {
  readonly folder: string
  readonly seed: number
  readonly names?: readonly string[]
  say(line: string): void
}): Promise<{ readonly caught: readonly Caught[]; readonly isHealthy: boolean }> {
  const { folder, seed, say } = options
  const wanted = mutants.filter(({ name }) => options.names?.includes(name) ?? true)
  const caught: Caught[] = []
  let isHealthy = true
  for (const sceneName of new Set(wanted.map(mutant => mutant.scenario))) {
    const scenario = scenarios[sceneName]
    const own = wanted.filter(mutant => mutant.scenario === sceneName)
    const missing = scenario.missing?.() ?? null
    if (missing !== null) {
      for (const { name } of own)
        caught.push({ mutant: name, scenario: scenario.name, by: null, skipped: missing })
      continue
    }
    const real = await play(scenario, [], join(folder, sceneName), seed)
    const isGreen = real.found.size === 0 && real.acked > 0
    isHealthy &&= isGreen
    say(
      `${scenario.name}: the real build ${isGreen ? `is green, ${real.acked} acknowledged` : `is RED: ${words(real)}`}`,
    )
    for (const mutant of own) {
      const played = await play(
        scenario,
        mutant.patches,
        join(folder, mutant.name.replace(/\W+/g, '-')),
        seed,
        12_000,
      )
      const by = mutant.expects.find(name => played.found.has(name)) ?? null
      caught.push({ mutant: mutant.name, scenario: scenario.name, by })
      say(
        `  ${mutant.name}: ${by ? `caught by "${by}" (${clip(played.found.get(by))})` : `NOT caught; found ${words(played)}`}`,
      )
    }
  }
  return { caught, isHealthy }
}

const words = ({ found }: Played) =>
  found.size ? [...found].map(([name, at]) => `${name} (${clip(at)})`).join('; ') : 'nothing'
const clip = (text = '') => text.replace(/\.{9,}/g, '…').slice(0, 160)
