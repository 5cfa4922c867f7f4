// Built help as the journal names it, and rankings and answers made again from it: the very search and conversation that
// a page has, over the same files. Reads folders of `asklet build`, and refuses a file that is not what its name says.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { conversationTexts, createConversation } from '../assistant/conversationParts'
import first from '../assistant/texts/en.json'
import type { Environment } from '../base/environment'
import { AskletError } from '../base/errors'
import type { SafeStorage } from '../base/safeStorage'
import { seeded } from '../base/seeded'
import { createTexts, type TextMap } from '../base/texts'
import { filesNamed, outcomeOf } from '../journal/rankedOn'
import type { JournalEntry } from '../journal/record'
import type { Config } from '../protocol/config'
import type { Facts } from '../protocol/facts'
import type { LoadJson } from '../search/loadJson'
import { createLocalSearch } from '../search/localSearch'
import type { SearchProvider } from '../search/searchProvider'
import { NotReplayable, type ReplayRule, type RuleFileOf } from '../server/replay'
import { type BuiltHelp, createFileLoader, openBuiltHelp } from './builtHelp'

/** What one folder holds. */
export interface HelpFiles {
  readonly help: BuiltHelp
  readonly loadJson: LoadJson
  /** What the site says of its bot (policy topics, categories, escalation). Absent: nothing. */
  readonly config?: Config
}

/** Of the end of a name, as the build writes it. */
const HASHED = /[-/]([0-9a-f]{10,64})\.json$/

/**
 * @param config  of the site whose pages answered; what a page was told besides is not known here
 * @throws AskletError `index_missing`, `index_shape`: a folder that is none, or was changed by hand
 */
export async function openHelpFolders(folders: readonly string[], config?: Config): Promise<RuleFileOf> {
  const known = new Map<string, HelpFiles>()
  for (const folder of folders) {
    const { help, loadJson } = await openHelpFolder(folder)
    known.set(filesNamed(help.manifest), { help, loadJson, ...(config && { config }) })
  }
  return async named => known.get(named)
}

/** One of them, each file held against the hash in its name. */
export async function openHelpFolder(folder: string): Promise<Pick<HelpFiles, 'help' | 'loadJson'>> {
  const loadJson = checked(createFileLoader(folder), folder)
  return { help: await openBuiltHelp(loadJson), loadJson }
}

function checked(loadJson: LoadJson, folder: string): LoadJson {
  return async file => {
    const json = await loadJson(file)
    const hash = HASHED.exec(file)?.[1]
    const is = createHash('sha256')
      .update(await readFile(join(folder, file)))
      .digest('hex')
    if (hash !== undefined && !is.startsWith(hash))
      throw new AskletError(
        'index_shape',
        `${file} in ${folder} must hold what the hash in its name says, got something else. Build it again.`,
      )
    return json
  }
}

/** The facts that are in the entry; one that was not kept throws where it is asked for. */
function factsOf(inputs: JournalEntry['inputs']): Facts {
  const text = (name: string) => String(inputs[name] ?? '')
  const list = (name: string) => (Array.isArray(inputs[name]) ? inputs[name] : [])
  // What was not told is named, and reading it says so.
  void inputs.recentRoutes
  const role = text('role')
  const page = { url: '', title: '', name: '', language: '', data: {} }
  return {
    page: { ...page, route: text('route'), headings: list('headings'), errors: list('errors') },
    visitor: { locale: text('locale'), attributes: {}, ...(role !== '' && { role }) },
  }
}

async function filesOf(inputs: JournalEntry['inputs'], file: RuleFileOf): Promise<HelpFiles> {
  const { from, rules } = inputs
  if (typeof from !== 'string') throw new NotReplayable('its index was not named')
  const found = (await file(from)) as HelpFiles | undefined
  if (!found) throw new NotReplayable(`index ${from.split(' ')[0]} not given`)
  if (rules !== __RULES__) throw new NotReplayable('another build ranked and answered')
  return found
}

const ids = (found: readonly { readonly articleId: string }[]) => found.map(({ articleId }) => articleId)

/** `ranking@…`. What was typed while only the first part of a large index was there is asked for as it was then. */
export const rankAgain: ReplayRule = async (inputs, file, { outcome }) => {
  const query = String(inputs.query)
  const { help, loadJson } = await filesOf(inputs, file)
  const facts = factsOf(inputs)
  const { locale } = facts.visitor
  const outcomeIn = async (search: SearchProvider) =>
    outcomeOf('ranking', ids(await search.suggest(query, facts)))
  const whole = help.search(locale)
  await whole.pending?.()
  const now = await outcomeIn(whole)
  if (now === outcome) return now
  const then = await outcomeIn(createLocalSearch({ loadJson, indexes: help.manifest.locales, locale }))
  return then === outcome ? then : now
}

/** `bot:…`, `flow:…`. Of a first question alone: what comes later hangs on what was said by then. */
export const answerAgain: ReplayRule = async (inputs, file, { rule }) => {
  const question = String(inputs.question)
  if (inputs.isFirst !== true)
    throw new NotReplayable('an answer that hangs on others: asklet replay plays the conversation')
  // A flow may ask for these.
  if (rule.startsWith('flow:')) void [inputs.data, inputs.attributes]
  const files = await filesOf(inputs, file)
  const { articleIds = [], ...entry } = await askOnce(files, question, factsOf(inputs))
  return outcomeOf(entry.rule, articleIds)
}

const NO_CONFIG: Config = { enabled: true, name: '', journal: true }

/** What a page's conversation says to a first question, as it records it. */
export async function askOnce(
  { help, loadJson, config = NO_CONFIG }: HelpFiles,
  question: string,
  facts: Facts,
): Promise<{ readonly rule: string; readonly articleIds?: readonly string[]; readonly entry: JournalEntry }> {
  const nothing = () => {}
  const { manifest } = help
  const search = help.search(facts.visitor.locale)
  await search.suggest('', facts)
  await search.pending?.()
  let told: (entry: JournalEntry) => void = nothing
  const answered = new Promise<JournalEntry>(resolve => {
    told = resolve
  })
  const environment: Environment = {
    now: () => 0,
    after: () => nothing,
    random: seeded(1),
    randomId: () => 'one-and-only',
    fetch: () => Promise.reject(new Error('Replay has no network.')),
    window: undefined,
  }
  const model = await createConversation({
    environment,
    config: { ...config, journal: true },
    serverUrl: null,
    site: 'replay',
    visitorId: null,
    mayStore: () => false,
    isWaiting: false,
    hasKept: () => false,
    texts: createTexts('en', { ...first, ...conversationTexts(false) } as TextMap),
    facts: () => facts,
    search,
    bot: undefined,
    answer: '',
    loadFile: async name => {
      const named = manifest[name]
      return named ? loadJson(named) : null
    },
    actions: new Map(),
    reader: { read: { value: [], subscribe: () => nothing } },
    getToken: async () => null,
    tab: forgetful(),
    local: forgetful(),
    recorder: {
      add({ on: _, ...entry }) {
        if (entry.kind === 'answered' || entry.kind === 'missed') told(entry)
      },
    },
    events: { emit: nothing },
    onError: nothing,
    loadLive: () => Promise.reject(new Error('Replay has no people.')),
  })
  void model.send(question)
  const entry = await answered
  model.dispose()
  const { articleIds } = entry.inputs
  return { rule: entry.rule, entry, ...(Array.isArray(articleIds) && { articleIds }) }
}

function forgetful(): SafeStorage {
  const kept = new Map<string, string>()
  return {
    kind: 'memory',
    get: key => kept.get(key) ?? null,
    set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  }
}
