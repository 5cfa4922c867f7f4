// `asklet audit`: does a store still hold what it once held, and would the same be decided again? Also makes and prints
// the roots that others can keep, and shows on copies of its own that tampering is seen.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AskletError, describe } from '../base/errors'
import { redact, type SiteMasks } from '../base/redact'
import { seeded } from '../base/seeded'
import { type AuditOptions, type AuditReport, audit, type Finding } from '../server/audit'
import { type SignedRoot, statementText } from '../server/journalChain'
import { sealNow } from '../server/seals'
import type { HelpDeskStore } from '../server/store/helpDeskStore'
import { readArguments, usageError } from './arguments'
import { keyAt, keyPlace } from './journalKey'
import type { Output } from './output'
import { openHelpFolders } from './replayHelp'
import { REPLAY_RULES } from './replayRules'
import { readSiteArguments } from './siteArguments'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'
import { readConfig } from './test'

export const AUDIT_USAGE =
  'asklet audit [--data asklet.db | --database postgres://…] [--seal] [--roots] [--published roots.jsonl] [--key id] [--help-dir <dir> [--config asklet.json]] [--tamper 50]'

const HELP = [
  AUDIT_USAGE,
  '',
  '  --data       the database file of "asklet serve" (default asklet.db)',
  '  --database   the Postgres of "asklet serve"; ASKLET_DATABASE_URL does as well',
  '  --seal       first makes a signed root over all that changed since the last one',
  '  --journal-key  the private key for it (default: beside the data file, its name with .journal-key.pem)',
  '  --roots      prints the signed roots, one a line, to be kept where this database is not, and nothing else',
  '  --published  a file of such lines: each root must still be there as it was',
  '  --key        id of a public key that may have signed, may be repeated; default: those of the database',
  '  --help-dir   a folder of "asklet build", may be repeated: rankings and answers of pages that were made from it are',
  '               made again; of others it is said that their index is not given',
  '  --config     asklet.json of the site: answers are made again by its policy topics, categories and escalation, and',
  '               what is printed is masked by its own patterns (privacy). Default: a site that says nothing of these',
  '  --tamper     on so many copies of the file changes one thing each, and counts how many are caught',
  '  --seed       another choice of what is changed (default 1)',
  '',
  'Exits with 1 where something is not as it was, or a decision would be another one.',
]

/** More are counted; nobody reads them. */
const FINDINGS_SHOWN = 20

/** @returns 0: all holds; 1: something does not. Throws AskletError `cli_usage`, `store_…` */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      seal: { type: 'boolean' },
      'journal-key': { type: 'string' },
      roots: { type: 'boolean' },
      published: { type: 'string' },
      key: { type: 'string', multiple: true },
      'help-dir': { type: 'string', multiple: true },
      config: { type: 'string' },
      tamper: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
    AUDIT_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const wanted = storeArguments(values, AUDIT_USAGE)
  const copies = wholeNumber('--tamper', values.tamper ?? '0')
  const seed = wholeNumber('--seed', values.seed)
  if (copies > 0 && wanted.kind !== 'file')
    throw usageError(
      '--tamper works on copies of a file: restore a backup of the database into one',
      AUDIT_USAGE,
    )
  // Opening would make an empty one, and all would be well with it.
  if (!isThere(wanted))
    throw usageError(
      `--data must name the database of "asklet serve", got none at ${describe(wanted.kind === 'file' ? wanted.file : '')}`,
      AUDIT_USAGE,
    )
  const named = readSiteArguments(
    { ...(values.config !== undefined && { config: values.config }) },
    undefined,
    AUDIT_USAGE,
  )
  const config = named.config === undefined ? undefined : readConfig(named.config, AUDIT_USAGE)
  const options: AuditOptions = {
    rules: REPLAY_RULES,
    ...(values.published !== undefined && { published: await readRoots(values.published) }),
    ...(values['help-dir'] && { files: await openHelpFolders(values['help-dir'], config) }),
    ...(values.key && { trustedKeys: new Set(values.key) }),
  }
  const store = await openStore(wanted)
  let isWhole: boolean
  try {
    if (values.seal) await seal(store, keyPlace(wanted, values['journal-key']), out)
    if (values.roots) {
      for (const root of await allRoots(store)) out.line(JSON.stringify(root))
      return 0
    }
    const report = await audit(store, options)
    tell(report, out, config?.privacy)
    isWhole = report.broken.length === 0
  } finally {
    await store.close()
  }
  if (copies > 0 && wanted.kind === 'file') {
    const caught = await tamperWith(wanted.file, copies, seed, options, out)
    if (caught < copies) isWhole = false
  }
  return isWhole ? 0 : 1
}

async function seal(store: HelpDeskStore, place: string | undefined, out: Output): Promise<void> {
  if (place === undefined)
    throw usageError('--seal with a Postgres needs --journal-key, the private key of your nodes', AUDIT_USAGE)
  const { key, isNew } = await keyAt(place)
  if (isNew)
    out.error(`Made the journal's key at ${place}. Its public key, to be kept elsewhere: ${key.publicKey}`)
  const root = await sealNow(store, key, Date.now())
  out.error(
    root ? `Root ${root.n} over ${root.heads} chains: ${root.root}` : 'Nothing changed since the last root.',
  )
}

async function allRoots(store: HelpDeskStore): Promise<SignedRoot[]> {
  const all: SignedRoot[] = []
  for (;;) {
    const page = await store.roots(all.at(-1)?.n ?? 0, 500)
    if (page.length === 0) return all
    all.push(...page)
  }
}

async function readRoots(file: string): Promise<SignedRoot[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageError(
      `--published must name a file that "asklet audit --roots" printed, got ${describe(file)}`,
      AUDIT_USAGE,
    )
  })
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map((line, index) => {
      try {
        const root = JSON.parse(line) as SignedRoot
        statementText(root)
        return root
      } catch {
        throw new AskletError('cli_usage', `${file}:${index + 1} is no line of "asklet audit --roots".`)
      }
    })
}

/** @param masks  findings quote what was decided, which may be from before a pattern was the site's */
function tell({ broken, replay, ...report }: AuditReport, out: Output, masks: SiteMasks | undefined): void {
  const said = (what: string) => (masks ? redact(what, 'derived', masks) : what)
  for (const { where, n, what } of broken.slice(0, FINDINGS_SHOWN))
    out.error(`broken: ${where}${n === null ? '' : ` ${n}`}: ${said(what)}`)
  if (broken.length > FINDINGS_SHOWN) out.error(`… and ${broken.length - FINDINGS_SHOWN} more`)
  const not = [...replay.notReplayable].sort((a, b) => b[1] - a[1])
  for (const [why, count] of not) out.error(`not replayable: ${count}, ${why}`)
  if (replay.devicesDiffer > 0) out.error(`devices say what their rules do not: ${replay.devicesDiffer}`)
  const sum = not.reduce((total, [, count]) => total + count, 0)
  const of = replay.equal + replay.differ
  out.line(`conversations: ${report.conversations}`)
  out.line(`events: ${report.events}`)
  out.line(`chains: ${report.chains}`)
  out.line(`records: ${report.records}`)
  out.line(`of-devices: ${report.ofDevices}`)
  out.line(`erased: ${report.erased}`)
  out.line(`roots: ${report.roots}`)
  out.line(`unsealed: ${report.unsealed}`)
  out.line(`chain: ${chainLine(broken)}`)
  out.line(`replayed-rankings: ${replay.equalOf.get('suggested') ?? 0}`)
  out.line(`replayed-answers: ${(replay.equalOf.get('answered') ?? 0) + (replay.equalOf.get('missed') ?? 0)}`)
  out.line(
    `replay: equal ${replay.equal} of ${of}, not replayable ${sum}${replay.byPeople > 0 ? `, by people ${replay.byPeople}` : ''}`,
  )
}

function chainLine([first, ...more]: readonly Finding[]): string {
  if (!first) return 'ok'
  const at = `${first.where}${first.n === null ? '' : ` ${first.n}`}`
  return `broken at ${at}${more.length > 0 ? ` and ${more.length} more` : ''}`
}

/** How many of the copies were caught. The original is only read, once. */
async function tamperWith(
  file: string,
  copies: number,
  seed: number,
  options: AuditOptions,
  out: Output,
): Promise<number> {
  const [{ openTables }, { copyTables, tamper }, { copyFile }] = await Promise.all([
    import('../server/store/openSqlStore'),
    import('../server/store/tampering'),
    import('node:fs/promises'),
  ])
  const folder = await mkdtemp(join(tmpdir(), 'asklet-audit-'))
  let tampered = 0
  let caught = 0
  try {
    const whole = join(folder, 'whole.db')
    const original = await openTables(file)
    await copyTables(original, whole).finally(() => original.destroy())
    for (let n = 0; n < copies; n++) {
      const copy = join(folder, `copy-${n}.db`)
      await copyFile(whole, copy)
      const db = await openTables(copy)
      const done = await tamper(db, n, seeded(seed * 100_003 + n)).finally(() => db.destroy())
      if (done === null) {
        out.error('There is nothing in this store that could be tampered with.')
        break
      }
      tampered++
      const store = await openStore({ kind: 'file', file: copy })
      const { broken } = await audit(store, options).finally(() => store.close())
      if (broken.length > 0) caught++
      else out.error(`not caught: ${done}`)
      await rm(copy, { force: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  out.line(`tampered: ${tampered}`)
  out.line(`tampered-caught: ${caught}`)
  return caught + (copies - tampered)
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0)
    throw usageError(`${name} must be a whole number, got ${describe(text)}`, AUDIT_USAGE)
  return value
}
