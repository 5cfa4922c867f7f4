// Fills a database file as weeks of a desk would: schedules of acts with faults over the real core, what pages recorded
// beside them, roots in between, some people who were forgotten, and a last day that no root covers yet. Then audits it
// by the command of the package. Same seed, same days; salts and keys are new each time.

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seeded } from '../../../src/base/seeded'
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { createFileLoader, openBuiltHelp } from '../../../src/cli/builtHelp'
import { main } from '../../../src/cli/main'
import { createTerminal } from '../../../src/cli/output'
import { writeOutput } from '../../../src/cli/outputFolder'
import { askOnce, type HelpFiles, openHelpFolders } from '../../../src/cli/replayHelp'
import { decide, ESCALATION_RULES, signsOf } from '../../../src/conversation/escalation'
import { masked } from '../../../src/journal/masked'
import { filesNamed, rankedOn } from '../../../src/journal/rankedOn'
import { DEVICE_KINDS, type JournalEntry, type JournalRecord } from '../../../src/journal/record'
import type { Facts } from '../../../src/protocol/facts'
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

/** What a page records while its visitor types and asks, over built help. */
async function pageOver(helpDir: string) {
  const { manifest } = await openBuiltHelp(createFileLoader(helpDir))
  const files = (await (await openHelpFolders([helpDir]))(filesNamed(manifest))) as HelpFiles
  const asked = [
    'withdraw my balance',
    'cancel a contract',
    'invoice',
    'change my password',
    'fees',
    'zebra crossing',
  ]
  return async () => {
    const facts: Facts = {
      page: {
        url: '',
        route: pick(['/', '/contracts', '/wallet']),
        title: '',
        name: '',
        headings: [],
        language: 'en',
        data: {},
      },
      visitor: { locale: 'en', attributes: {}, role: pick(['client', 'freelancer']) },
    }
    const on = { facts, from: manifest }
    const query = pick(asked)
    const found = await files.help.search('en').suggest(query, facts)
    const articleIds = found.map(({ articleId }) => articleId)
    const rule = `ranking@${__VERSION__}`
    const ranked: JournalEntry = { kind: 'suggested', inputs: { query, articleIds }, rule, reason: 'words' }
    const { entry } = await askOnce(files, `How do I get my ${pick(asked)}?`, facts)
    return [ranked, entry].map(each => rankedOn({ ...each, id: '', at: 0 }, on))
  }
}

const folder = await mkdtemp(join(existsSync(QUICK) ? QUICK : tmpdir(), 'asklet-filled-'))
try {
  const file = join(folder, 'desk.db')
  const key = readSealKey(newSealKey())
  const schedules = Number(values.schedules)
  const helpDir = join(folder, 'help')
  writeOutput(
    helpDir,
    buildKnowledge('demo/help/articles', { locale: 'en', base: '/help/', hasPrivateFolder: true }).files,
  )
  const ofHelp = await pageOver(helpDir)
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
        return {
          id,
          kind: pick(DEVICE_KINDS),
          at: now,
          inputs: { question },
          rule: 'a-host@1',
          reason: 'as simulated',
        }
      })
      for (const entry of await ofHelp()) batch.push({ ...entry, id: `device-${++records}-of-${n}`, at: now })
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
  process.exitCode = await main(
    ['audit', '--data', file, '--help-dir', helpDir, '--tamper', values.tamper],
    out,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
