// Fills a database file as weeks of a desk would: schedules of acts with faults over the real core, what pages recorded
// beside them, roots in between, some people who were forgotten, and a last day that no root covers yet. Then audits it
// by the command of the package. Same seed, same days; salts and keys are new each time.

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seeded } from '../../../src/base/seeded'
import { main } from '../../../src/cli/main'
import { createTerminal } from '../../../src/cli/output'
import { decide, ESCALATION_RULES, signsOf } from '../../../src/conversation/escalation'
import { masked } from '../../../src/journal/masked'
import { DEVICE_KINDS, type JournalRecord } from '../../../src/journal/record'
import { newSealKey, readSealKey, sealNow } from '../../../src/server/seals'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { runActs } from './schedule'

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    tamper: { type: 'string', default: '48' },
  },
})
/** In memory where there is such a place: what is judged here is not the disk. */
const QUICK = '/dev/shm'
const seed = Number(values.seed)
const random = seeded(seed)
const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item

const folder = await mkdtemp(join(existsSync(QUICK) ? QUICK : tmpdir(), 'asklet-filled-'))
try {
  const file = join(folder, 'desk.db')
  const key = readSealKey(newSealKey())
  const schedules = Number(values.schedules)
  let now = 0
  let records = 0
  for (let n = 0; n < schedules; n++) {
    const priorities = { categories: { billing: 'high', orders: 'low' } } as const
    await runActs(
      seed + n,
      {},
      {
        file,
        idPrefix: `day${n}`,
        priorities,
        serviceLevels: {
          default: { firstResponseMinutes: 60 },
          categories: { billing: { resolutionMinutes: 480 } },
        },
        skills: { 'agent-ada': ['billing'], 'agent-grace': ['account'] },
        startAt: Date.UTC(2026, 0, 5 + n, 9),
      },
    )
    const store = await openSqlStore({ file })
    const ids = (await store.conversationIds('', 1_000)).filter(id => id.startsWith(`day${n}-`))
    for (const id of ids) now = Math.max(now, (await store.conversation(id))?.lastAt ?? 0)
    // Devices of those who asked, and of those who only looked.
    for (const chain of [...ids, null, null]) {
      const batch = Array.from({ length: 1 + Math.floor(random() * 4) }, (): JournalRecord => {
        const id = `device-${++records}-of-${n}`
        const question = pick(['where is my order 48213', 'write to sam@example.com', 'refund please'])
        const signs = { turn: undefined, misses: pick([2, 3]), reading: null, isAnybodyThere: true }
        const decision = decide({ ...signs, turn: { missed: true, confidence: 0 } })
        if (decision && random() < 0.3)
          return {
            ...{ id, kind: 'escalated', at: now, rule: ESCALATION_RULES },
            inputs: { question, signs: signsOf({ ...signs, turn: { missed: true, confidence: 0 } }) },
            ...{ outcome: decision.reason, reason: decision.because },
          }
        const rule = pick(['ranking@1', 'bot:article'])
        return { id, kind: pick(DEVICE_KINDS), at: now, inputs: { question }, rule, reason: 'as simulated' }
      })
      await store.addJournal(
        batch.map(record => masked(record)),
        now,
        chain,
      )
    }
    const forgotten = ids.filter(() => random() < 0.2)
    for (const id of forgotten) await store.erase(id, now)
    if (n < schedules - 1) await sealNow(store, key, Date.UTC(2026, 0, 6 + n, 0, 15))
    await store.close()
  }
  // Where the command makes its copies.
  process.env.TMPDIR = folder
  const out = createTerminal(process.stdout, process.stderr)
  process.exitCode = await main(['audit', '--data', file, '--tamper', values.tamper], out)
} finally {
  await rm(folder, { recursive: true, force: true })
}
