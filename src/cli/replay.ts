// `asklet replay <conversation> --out file.test.txt`: a stored conversation as a test for `asklet test`, which fails until
// the bot does better. Reads the store and, where the articles are named, plays the test; changes neither.

import { existsSync, writeFileSync } from 'node:fs'
import { AskletError, describe } from '../base/errors'
import type { SiteMasks } from '../base/redact'
import type { JournalRecord } from '../journal/record'
import type { StoredEvent } from '../protocol/events'
import type { HelpDeskStore } from '../server/store/helpDeskStore'
import { readArguments, usageError } from './arguments'
import { transcript } from './dialogueReport'
import { openDialogueSite } from './dialogueSite'
import type { Output } from './output'
import { runDialogue } from './runDialogue'
import { readSiteArguments, SITE_HELP, SITE_OPTIONS } from './siteArguments'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'
import { readConfig } from './test'
import { parseTranscripts } from './transcript'
import { type Replayed, transcriptOf } from './transcriptOf'

export const REPLAY_USAGE =
  'asklet replay <conversation or ticket number> --out tests/late.test.txt [--expects "cites: a/b"] [--data asklet.db | --database postgres://…] [--articles <dir>]'

const HELP = [
  REPLAY_USAGE,
  '',
  '  --out        the transcript that is written; never over another file',
  '  --expects    what should have come, as a line of a transcript, may be repeated. Default: the article that the',
  '               agent cited; where there is none, not again what the bot said',
  '  --data, --database  as for "asklet serve"',
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

/** @returns 0: written, and it fails as it should; 1: written, and it passes now. Throws AskletError `cli_usage`. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      ...SITE_OPTIONS,
      out: { type: 'string' },
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
  const file = values.out
  if (file === undefined || !file.endsWith('.test.txt'))
    throw usageError(`--out must name a file that ends in .test.txt, got ${describe(file)}`, REPLAY_USAGE)
  if (existsSync(file))
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
  const asklet = readConfig(site.config)
  const store = await openStore(from)
  const replayed = await read(store, wanted, values.expects, asklet.privacy).finally(() => store.close())
  const { dialogues, problems } = parseTranscripts(replayed.text, file)
  const [problem] = problems
  if (problem)
    throw new AskletError('cli_usage', `--expects must be lines of a transcript: ${problem.sentence}`)
  writeFileSync(file, replayed.text, { flag: 'wx' })
  out.line(`${file}: ${replayed.expects} (${BECAUSE[replayed.because]})`)
  const [dialogue] = dialogues
  if (site.articles === undefined || !dialogue) {
    out.line(`Not played: --articles says over which help. asklet test ${file} --articles <dir>`)
    return 0
  }
  const { articles, flows, intents, actions, locale } = site
  const opened = await openDialogueSite({
    articles,
    locale,
    config: asklet,
    ...(flows !== undefined && { flows }),
    ...(intents !== undefined && { intents }),
    ...(actions !== undefined && { actions }),
  })
  const result = await runDialogue(dialogue, opened.site)
  for (const line of transcript(result)) out.line(line)
  out.line(result.passed ? 'It passes now: the bot does better than then.' : 'It fails now, as it should.')
  return result.passed ? 1 : 0
}

async function read(
  store: HelpDeskStore,
  wanted: string,
  expects: readonly string[] | undefined,
  masks: SiteMasks | undefined,
): Promise<Replayed> {
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
    if (page.events.length === 0 || events.length >= page.row.head) break
  }
  const entries = await store.chain(events[0]?.conversationId ?? '', 0, 500)
  const decided = entries.flatMap(({ body }) => {
    const { kind, rule, outcome, reason } = (body ? JSON.parse(body) : {}) as Partial<JournalRecord>
    return kind === undefined || kind === 'erased' ? [] : `${kind} ${outcome ?? ''} by ${rule}: ${reason}`
  })
  const replayed = transcriptOf(events, { decided, masks, ...(expects && { expects }) })
  if (!replayed)
    throw usageError(
      `the conversation must have its words, got ${describe(wanted)}, whose were erased`,
      REPLAY_USAGE,
    )
  return replayed
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
