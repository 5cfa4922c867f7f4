// `asklet replay <conversation>`: a stored conversation as a test for `asklet test`, which fails until the bot does
// better (`--out`), and what its journal decided made again, rankings and answers from the built help that is named
// (`--help-dir`). Reads the store and, where help is named, plays the test; changes neither.

import { existsSync, writeFileSync } from 'node:fs'
import { AskletError, describe } from '../base/errors'
import { redact, type SiteMasks } from '../base/redact'
import type { JournalRecord } from '../journal/record'
import type { Config } from '../protocol/config'
import type { StoredEvent } from '../protocol/events'
import { ruleFiles } from '../server/audit'
import { type RuleFileOf, replayEntry } from '../server/replay'
import type { HelpDeskStore } from '../server/store/helpDeskStore'
import { readArguments, usageError } from './arguments'
import { transcript } from './dialogueReport'
import { type DialogueSite, openDialogueSite, siteOver } from './dialogueSite'
import type { Output } from './output'
import { openHelpFolder, openHelpFolders } from './replayHelp'
import { REPLAY_RULES } from './replayRules'
import { runDialogue } from './runDialogue'
import { readSiteArguments, SITE_HELP, SITE_OPTIONS, type SiteArguments } from './siteArguments'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'
import { readConfig } from './test'
import { parseTranscripts } from './transcript'
import { type Replayed, transcriptOf } from './transcriptOf'

export const REPLAY_USAGE =
  'asklet replay <conversation or ticket number> --out tests/late.test.txt [--expects "cites: a/b"] [--data asklet.db | --database postgres://…] [--articles <dir> | --help-dir <dir>]'

const HELP = [
  REPLAY_USAGE,
  '',
  '  --out        the transcript that is written; never over another file',
  '  --expects    what should have come, as a line of a transcript, may be repeated. Default: the article that the',
  '               agent cited; where there is none, not again what the bot said',
  '  --data, --database  as for "asklet serve"',
  '  --help-dir   a folder of "asklet build", may be repeated: what the journal of the conversation holds is decided again,',
  '               rankings and answers from the folder that they name; without --out that is all. With --out the test is',
  '               played over the first one, unless --articles says otherwise',
  '',
  'With the articles it is played at once, and said whether it fails now:',
  ...SITE_HELP,
]

const BECAUSE: Readonly<Record<Replayed['because'], string>> = {
  said: 'as you said',
  cited: 'the agent cited it',
  'not again': 'a person was needed after it',
  person: 'nothing was said by bot or person that it could be held against; write what should come',
}

/**
 * @returns 0: written, and it fails as it should; 1: written, and it passes now. Without `--out`: 0 where all that can be
 * decided again comes out as it did, else 1. Throws AskletError `cli_usage`, `index_…` for a folder that is no help.
 */
export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      ...SITE_OPTIONS,
      out: { type: 'string' },
      'help-dir': { type: 'string', multiple: true },
      expects: { type: 'string', multiple: true },
    },
    REPLAY_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [wanted, ...more] = positionals
  if (wanted === undefined || more.length > 0)
    throw usageError(`there must be one conversation, got ${describe(positionals.join(' '))}`, REPLAY_USAGE)
  const { out: file, 'help-dir': folders = [], expects } = values
  const isOut = file === undefined ? folders.length > 0 : file.endsWith('.test.txt')
  if (!isOut)
    throw usageError(
      `--out must name a file that ends in .test.txt, got ${describe(file)}. --help-dir alone decides again and writes none`,
      REPLAY_USAGE,
    )
  if (file === undefined && expects)
    throw usageError('--expects must stand beside the --out that it is written to, got none', REPLAY_USAGE)
  if (file !== undefined && existsSync(file))
    throw usageError(
      `--out must name a new file, got ${file}, which is there. Name another one`,
      REPLAY_USAGE,
    )
  const from = storeArguments(values, REPLAY_USAGE)
  if (!isThere(from))
    throw usageError(
      `--data must name the database of "asklet serve", got none at ${describe(from.kind === 'file' ? from.file : '')}`,
      REPLAY_USAGE,
    )
  const site = readSiteArguments(values, file, REPLAY_USAGE)
  const asklet = readConfig(site.config, REPLAY_USAGE)
  // Before the store: what is no help is said first.
  const given = await openHelpFolders(folders, site.config === undefined ? undefined : asklet)
  const store = await openStore(from)
  let differ = 0
  let events: readonly StoredEvent[]
  let decisions: readonly JournalRecord[]
  try {
    events = await eventsOf(store, wanted)
    decisions = await decisionsOf(store, events[0]?.conversationId ?? '')
    if (folders.length > 0) differ = await decideAgain(store, decisions, given, asklet.privacy, out)
  } finally {
    await store.close()
  }
  if (file === undefined) return differ > 0 ? 1 : 0
  const replayed = transcriptOf(events, {
    decided: decisions.map(
      ({ kind, outcome = '', rule, reason }) => `${kind} ${outcome} by ${rule}: ${reason}`,
    ),
    masks: asklet.privacy,
    ...(expects && { expects }),
  })
  if (!replayed)
    throw usageError(
      `the conversation must have its words, got ${describe(wanted)}, whose were erased`,
      REPLAY_USAGE,
    )
  const { dialogues, problems } = parseTranscripts(replayed.text, file)
  const [problem] = problems
  if (problem)
    throw new AskletError('cli_usage', `--expects must be lines of a transcript: ${problem.sentence}`)
  writeFileSync(file, replayed.text, { flag: 'wx' })
  out.line(`${file}: ${replayed.expects} (${BECAUSE[replayed.because]})`)
  const [dialogue] = dialogues
  const over = await helpToPlayOver(site, asklet, folders)
  if (!over || !dialogue) {
    out.line(`Not played: --articles says over which help. asklet test ${file} --articles <dir>`)
    return 0
  }
  const result = await runDialogue(dialogue, over)
  for (const line of transcript(result)) out.line(line)
  out.line(result.passed ? 'It passes now: the bot does better than then.' : 'It fails now, as it should.')
  return result.passed ? 1 : 0
}

/** The articles, or else what is built of them; null: neither was named. */
async function helpToPlayOver(
  { articles, flows, intents, actions, locale }: SiteArguments,
  config: Config,
  [folder]: readonly string[],
): Promise<DialogueSite | null> {
  const files = { locale, config, ...(actions !== undefined && { actions }) }
  if (articles !== undefined) {
    const own = { ...(flows !== undefined && { flows }), ...(intents !== undefined && { intents }) }
    return (await openDialogueSite({ articles, ...own, ...files })).site
  }
  if (folder === undefined) return null
  const { help, loadJson } = await openHelpFolder(folder)
  return siteOver(help, loadJson, files)
}

/** Says of each decision what comes of it now. @returns how many come out otherwise */
async function decideAgain(
  store: HelpDeskStore,
  decisions: readonly JournalRecord[],
  given: RuleFileOf,
  masks: SiteMasks | undefined,
  out: Output,
): Promise<number> {
  const counts = { equal: 0, differs: 0, notReplayable: 0, byPeople: 0 }
  const file = await ruleFiles(store, given, (where, _, what) => out.error(`${where}: ${what}`))
  for (const decision of decisions) {
    const replayed = await replayEntry(decision, file, REPLAY_RULES)
    counts[replayed.result]++
    const { kind, outcome = 'nothing' } = decision
    // What a page recorded may be from before a pattern was the site's.
    const say = (text: string) => out.line(redact(`${kind} ${text}`, 'derived', masks))
    if (replayed.result === 'equal') say(`is ${outcome} again`)
    else if (replayed.result === 'differs') say(`was ${outcome}, is ${replayed.got} now`)
    else if (replayed.result === 'notReplayable')
      say(`was ${outcome}, and is not decided again: ${replayed.why}`)
    else say(`was ${outcome}, by people`)
  }
  const { equal, differs, notReplayable, byPeople } = counts
  out.line(
    `replay: equal ${equal} of ${equal + differs}, not replayable ${notReplayable}, by people ${byPeople}`,
  )
  return differs
}

async function eventsOf(store: HelpDeskStore, wanted: string): Promise<readonly StoredEvent[]> {
  const conversationId = (await store.conversation(wanted)) ? wanted : await byTicket(store, wanted)
  const events: StoredEvent[] = []
  for (;;) {
    const page = conversationId && (await store.read(conversationId, events.length, 500))
    if (!page)
      throw usageError(
        `there must be such a conversation or ticket in the store, got ${describe(wanted)}`,
        REPLAY_USAGE,
      )
    events.push(...page.events)
    if (page.events.length === 0 || events.length >= page.row.head) return events
  }
}

/** Whose words were erased, and that they were, is left out. */
async function decisionsOf(store: HelpDeskStore, chain: string): Promise<readonly JournalRecord[]> {
  const decisions: JournalRecord[] = []
  for (let after = 0; ; ) {
    const entries = await store.chain(chain, after, 500)
    for (const { body, kind, n } of entries) {
      after = n
      if (body && kind !== 'erased') decisions.push(JSON.parse(body) as JournalRecord)
    }
    if (entries.length < 500) return decisions
  }
}

/** `1001` or `#1001`. Looked for among all: a lead asks for it once in a while. */
async function byTicket(store: HelpDeskStore, wanted: string): Promise<string | null> {
  const number = /^#?(\d{4,})$/.exec(wanted)?.[1]
  if (number === undefined) return null
  for (let after = ''; ; ) {
    const ids = await store.conversationIds(after, 500)
    for (const id of ids) if ((await store.conversation(id))?.ticket?.number === Number(number)) return id
    const last = ids.at(-1)
    if (last === undefined) return null
    after = last
  }
}
