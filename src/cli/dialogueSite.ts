// The site that conversation tests talk to: its help built in memory, its flows, its configuration, and stand-ins for
// the functions that its page would register. Reads files; writes none.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { conversationTexts } from '../assistant/conversationParts'
import conversation from '../assistant/texts/conversation.en.json'
import first from '../assistant/texts/en.json'
import { AskletError, describe } from '../base/errors'
import { createTexts, type TextEntry, type TextMap, type Texts } from '../base/texts'
import type { HostAction } from '../bot/botProvider'
import type { Flow } from '../bot/flow'
import type { Config } from '../protocol/config'
import type { LoadJson } from '../search/loadJson'
import type { SearchProvider } from '../search/searchProvider'
import { loadLanguage } from '../understanding/languages/language'
import { createReplies, type Replies } from '../understanding/replies'
import type { BuildCache } from './buildCache'
import { buildKnowledge } from './buildKnowledge'
import { type BuiltHelp, openBuiltHelp } from './builtHelp'
import type { Finding } from './findings'
import type { ActionsArgument } from './siteArguments'

export interface DialogueSite {
  readonly config: Config
  readonly locale: string
  readonly texts: Texts
  /** What Asklet itself may say. */
  readonly templates: readonly RegExp[]
  readonly search: SearchProvider
  /** What short replies mean in the site's language, as the bot reads them. */
  readonly replies: Replies
  /** As the build hands them to a page. */
  readonly flows: readonly Flow[]
  /** The built model file; null where there is none. */
  readonly model: unknown
  readonly actions: ReadonlyMap<string, HostAction>
  readonly articles: number
}

export interface SiteFiles {
  /** Folder of Markdown articles. */
  readonly articles: string
  /** Folder of flows, or one file. */
  readonly flows?: string
  /** Folder or file of intents' examples; unset: `intents` in the articles folder, where there is one. */
  readonly intents?: string
  /** Parsed configuration. */
  readonly config: Config
  /** The page's functions; those without a stand-in fail. */
  readonly actions?: ActionsArgument
  /** BCP 47. */
  readonly locale: string
  /** What the last build or test knew. */
  readonly cache?: BuildCache
}

/**
 * @returns the site, and what of its flows must be mended first
 * @throws AskletError as `buildKnowledge` does, and `action_shape` for a file of stand-ins that is none
 */
export async function openDialogueSite(
  files: SiteFiles,
): Promise<{ readonly site: DialogueSite; readonly findings: readonly Finding[] }> {
  const { locale } = files
  const built = buildKnowledge(files.articles, {
    locale,
    base: '/help/',
    // Nobody has signed in here: private articles are built, and found by nobody.
    hasPrivateFolder: true,
    ...(files.flows !== undefined && { flows: files.flows }),
    ...(files.intents !== undefined && { intents: files.intents }),
    ...(files.cache && { cache: files.cache }),
  })
  const loadJson = async (file: string): Promise<unknown> => {
    const content = built.files.get(file)
    if (typeof content !== 'string')
      throw new AskletError('index_missing', `the build must hold ${describe(file)}, got nothing.`)
    return JSON.parse(content)
  }
  const site = await siteOver(await openBuiltHelp(loadJson), loadJson, files)
  return {
    site: { ...site, articles: built.help.articles.length },
    findings: built.findings.filter(({ kind }) => kind === 'error'),
  }
}

/** The same over help that is built already. */
export async function siteOver(
  help: BuiltHelp,
  loadJson: LoadJson,
  { config, locale, actions }: Pick<SiteFiles, 'config' | 'locale' | 'actions'>,
): Promise<DialogueSite> {
  const search = help.search(help.localeFor(locale))
  await search.suggest('', {
    page: { url: '', route: '/', title: '', name: '', headings: [], language: locale, data: {} },
    visitor: { locale, attributes: {} },
  })
  // Of a large index the titles alone are there first.
  await search.pending?.()
  const own = { ...first, ...conversationTexts(config.server !== undefined) } as TextMap
  const maps = [(config.texts ?? {}) as TextMap, own]
  // What the bot may say of its own; the panel's words are none of its.
  const all = [{ ...first, ...conversation, ...own } as TextMap, ...maps].flatMap(map =>
    Object.entries(map).flatMap(([key, entry]): readonly TextEntry[] => (BOTS_OWN.test(key) ? [entry] : [])),
  )
  return {
    config,
    locale,
    texts: createTexts(locale, ...maps),
    templates: all.flatMap(entry =>
      (typeof entry === 'string' ? [entry] : Object.values(entry)).map(templateOf),
    ),
    search,
    replies: createReplies(await loadLanguage(locale)),
    model: help.manifest.model ? await loadJson(help.manifest.model) : null,
    flows: help.manifest.flows ? ((await loadJson(help.manifest.flows)) as readonly Flow[]) : [],
    actions: readActions(actions),
    articles: help.articles.get(help.localeFor(locale))?.size ?? 0,
  }
}

const BOTS_OWN = /^(?:bot\.|chat\.failed$|search\.failed$)/

const SHAPE =
  'Write { "lookUp": { "label": "Look this up", "answers": [{ "when": { "order": "O-1" }, "gives": { "status": "sent" } }] } }.'

/** Stand-ins: the first answer whose `when` fits the details is given; none: the function fails. */
function readActions(actions: ActionsArgument = { names: [] }): ReadonlyMap<string, HostAction> {
  const { file: path, names } = actions
  if (path === undefined)
    return new Map(
      names.map((name): [string, HostAction] => [
        name,
        {
          label: name,
          async run() {
            throw new NoAnswer(`${name} has no stand-in`)
          },
        },
      ]),
    )
  const fail = (what: string, got: unknown): never => {
    throw new AskletError('action_shape', `${path}: ${what}, got ${describe(got)}. ${SHAPE}`)
  }
  if (!existsSync(path) || !statSync(path).isFile()) fail('must be a file that is there', 'nothing')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    fail('must be JSON', (error as Error).message)
  }
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isRecord(json)) return fail('must be an object of functions by name', json)
  return new Map(
    Object.entries(json).map(([name, value]): [string, HostAction] => {
      if (!isRecord(value) || typeof value.label !== 'string' || !Array.isArray(value.answers))
        return fail(`${name} must have a label and answers`, value)
      const answers = value.answers.map((answer: unknown) => {
        if (
          !isRecord(answer) ||
          !isRecord(answer.gives) ||
          (answer.when !== undefined && !isRecord(answer.when))
        )
          return fail(`each answer of ${name} must have gives, and when where it matters`, answer)
        return { when: (answer.when ?? {}) as Record<string, unknown>, gives: answer.gives }
      })
      return [
        name,
        {
          label: value.label,
          async run(details) {
            const fits = answers.find(({ when }) =>
              Object.entries(when).every(
                ([key, wanted]) => details[key]?.toLowerCase() === String(wanted).toLowerCase(),
              ),
            )
            if (!fits) throw new NoAnswer(`${name} has no answer for ${JSON.stringify(details)}`)
            return fits.gives as Record<string, string | number | boolean>
          },
        },
      ]
    }),
  )
}

/** A stand-in that fails as its author meant it to. */
export class NoAnswer extends Error {}

/** A text with places, as a pattern of what it becomes. */
export function templateOf(words: string): RegExp {
  const parts = words.trim().split(/ *\{[\w.-]+\}/)
  return new RegExp(`^${parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*?')}$`)
}
