// The configuration file of a site, `asklet.json`: one schema, read by browser, server and `asklet check` alike.
// Data, no code. Unknown keys are dropped and named.

import { AskletError, describe } from '../base/errors'
import {
  atLeast,
  bool,
  either,
  list,
  matching,
  object,
  oneOf,
  optional,
  type Problem,
  pair,
  type Read,
  read,
  record,
  type Shape,
  shortText,
  such,
  type Taken,
  text,
} from '../base/shape'
import { MEDIA_TYPES, MOST_MAX_BYTES } from './mediaTypes'
import { markNameProblem, patternProblem } from './sitePatterns'

const word = shortText(500)
const clockTime = matching(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as "09:00"')

/** Not the model's own address, and nothing secret in it: this file is public. */
const serverAddress = such<string>(
  'the address of your Asklet server, as "https://help.example" or "/", which knows model and key',
  value =>
    typeof value === 'string' &&
    value.length <= 500 &&
    value.trim() !== '' &&
    !/@|[?#]|\/chat\/completions\/?$/.test(value) &&
    isWebAddress(value),
)
function isWebAddress(value: string): boolean {
  try {
    return /^https?:$/.test(new URL(value, 'https://site.invalid/').protocol)
  } catch {
    return false
  }
}
/** Never quoted: it may be the key itself. */
const absent: Shape<undefined, undefined> = (value, path, problems) => {
  if (value !== undefined)
    problems.push({
      path,
      wanted:
        'left out, because this file is public (the key of the model is ASKLET_MODEL_KEY of the server)',
      got: '…',
    })
  return value as undefined
}

const priority = oneOf('low', 'normal', 'high', 'urgent')

const share = (most: number) =>
  such<number>(
    `a number above 0, at most ${most}`,
    value => typeof value === 'number' && value > 0 && value <= most,
  )
/** A year and more of minutes is no promise. */
const minutes = share(525_600)
const serviceLevel = object({
  firstResponseMinutes: optional(minutes),
  resolutionMinutes: optional(minutes),
})
const fraction = such<number>(
  'a number from 0 to 1',
  value => typeof value === 'number' && value >= 0 && value <= 1,
)

const leadsToOne = such<unknown>(
  'made of one of article, question and ask, with signal where it is on "signal" and nowhere else',
  value => {
    const { on, signal, article, question, ask } = Object(value)
    const ways = [article, question, ask].filter(way => way !== undefined)
    return ways.length === 1 && (signal !== undefined) === (on === 'signal')
  },
)
const offerFields = object({
  /** What it comes after: a signal of the site, or what the page shows where it is watched (`data-offers`). */
  on: oneOf('signal', 'errorRepeated', 'stalledStep', 'rageClicks'),
  /** The name that the site signals by. */
  signal: optional(word),
  /** Route patterns, as of articles; everywhere without. */
  pages: optional(list(word)),
  roles: optional(list(word)),
  /** What the visitor reads; `{places}` are filled by the facts of a signal. */
  text: such<string>('1 to 200 characters', value => typeof value === 'string' && /^.{1,200}$/s.test(value)),
  /** The article that opens. */
  article: optional(word),
  /** What stands in the search box. */
  question: optional(word),
  /** What the assistant is asked. */
  ask: optional(word),
})
const offer: typeof offerFields = (value, path, problems) => {
  leadsToOne(value, path, problems)
  return offerFields(value, path, problems)
}

const fileBytes = such<number>(
  `a whole number from 1 to ${MOST_MAX_BYTES}`,
  value => Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_MAX_BYTES,
)

const days: Shape<number | false, number | false> = such<number | false>(
  'a whole number of days from 1 to 36500, or false',
  value => value === false || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 36_500),
)

const pattern =
  (isKept: boolean): Shape<string> =>
  (value, path, problems) => {
    const wanted = patternProblem(value, isKept)
    if (wanted !== null) problems.push({ path, wanted, got: value })
    return value as string
  }
/** Names stand in texts: what is none is a problem of the whole table. */
const namedPatterns: Shape<Record<string, string>> = (value, path, problems) => {
  for (const name of Object.keys(Object(value))) {
    const wanted = markNameProblem(name)
    if (wanted !== null) problems.push({ path, wanted, got: name })
  }
  return record(pattern(false))(value, path, problems)
}
const MAX_PATTERNS = 20
const few =
  <Of>(shape: Shape<Of>, wanted: string): Shape<Of> =>
  (value, path, problems) => {
    if (Object.keys(Object(value)).length > MAX_PATTERNS) problems.push({ path, wanted, got: value })
    return shape(value, path, problems)
  }

const fields = {
  /** `false` switches the assistant off everywhere, without a deploy. */
  enabled: optional(bool, true),
  /** The assistant's name, shown as its title. */
  name: optional(word, 'Help'),
  /** Address of `manifest.json`, relative to this file. */
  knowledge: optional(word),
  /**
   * Base address of the server that searches, relative to this file, instead of the index in the page: for help that
   * is too large to be fetched. Flows still come from `knowledge`.
   */
  search: optional(object({ url: word })),
  /**
   * Answers that a language model words, from the server at `url` (relative to this file), which knows the model. Each
   * sentence is held against the article that it cites, on the server and in the page. Off unless named.
   */
  answer: optional(
    object({
      url: serverAddress,
      key: absent,
      /** Host actions that the model may propose, by their registered name; nothing runs without the visitor's yes. */
      actions: optional(
        record(
          object({
            /** For the model: when it helps. */
            does: word,
            /** What it takes from the visitor's question: `{ "withdrawal": "Withdrawal number" }`. */
            sends: optional(record(word)),
            /** What the visitor reads of what it found: `Withdrawal {withdrawal} is {status}.` */
            says: optional(word),
          }),
        ),
      ),
    }),
  ),
  /** Address of the help desk server, relative to this file; without it there are no people to talk to. */
  server: optional(word),
  /** Language of texts and articles; the page's own when left out. BCP 47. */
  locale: optional(word),
  label: optional(word),
  accent: optional(word),
  theme: optional(oneOf('auto', 'light', 'dark', 'host')),
  density: optional(oneOf('comfortable', 'compact')),
  position: optional(oneOf('left', 'right')),
  /** Own words for any text key. */
  texts: optional(record(either(text, record(text)))),
  /**
   * Languages of the site's own, or its wording of one that is shipped: `{ "nl": "texts/nl.json" }`, addresses relative
   * to this file, or the texts themselves.
   */
  locales: optional(record(either(word, record(either(text, record(text)))))),
  /** Where to write when nobody can be reached. */
  contact: optional(object({ email: optional(word), phone: optional(word) })),
  /** Which roads to a person are offered. */
  channels: optional(
    object({
      live: optional(bool),
      ticket: optional(bool),
      email: optional(bool),
      phone: optional(bool),
    }),
  ),
  /**
   * Topics that only a person may answer, with the words that mean them. Disputes (`dispute`), problems with payments
   * (`payment`) and violations of terms (`terms`) are so without being named; `off` gives one of them to the bot.
   */
  policyTopics: optional(list(object({ topic: word, words: optional(list(word)), off: optional(bool) }))),
  /** Where a desk routes a message, by its words; general ones of the language where none of these is found. */
  categories: optional(list(object({ name: word, words: list(word) }))),
  /**
   * How pressing a conversation is when it comes to people, by its category and by the visitor's role. A role counts
   * where a token signs it. What nobody proved counts `high` at most, `urgent` needs a signed-in visitor.
   */
  priorities: optional(object({ categories: optional(record(priority)), roles: optional(record(priority)) })),
  /**
   * How long a ticket may wait, in minutes in which the desk is open (`hours`): for the first response, and until it is
   * solved, without the time in which it waits for the visitor. `categories` go before `default`.
   */
  serviceLevels: optional(
    object({
      default: optional(serviceLevel),
      categories: optional(record(serviceLevel)),
      /** Times a priority is worth: `{ "urgent": 0.5 }` halves what is allowed. */
      priorities: optional(
        object({
          low: optional(share(100)),
          normal: optional(share(100)),
          high: optional(share(100)),
          urgent: optional(share(100)),
        }),
      ),
      /** From this share of the time on the desk is warned. Default 0.75. */
      warnAt: optional(share(1)),
    }),
  ),
  /** When a person is offered unasked. */
  escalation: optional(
    object({
      /** Questions without an answer before that. Default 2. */
      afterMisses: optional(atLeast(1)),
      /** One fewer where a fact of the page (`data-asklet-<fact>`) is this number or more. */
      valueAtStake: optional(object({ fact: word, atLeast: atLeast(0) })),
      /** One fewer for these roles, and for attributes with one of these values. */
      roles: optional(list(word)),
      attributes: optional(record(list(word))),
    }),
  ),
  /** Help that is offered unasked, in a small bubble that can be sent away. None unless named; never under GPC. */
  offers: optional(list(offer)),
  /** Origins whose images articles may show; the page's own always. */
  images: optional(list(word)),
  /** Send what was suggested, answered and decided to the server. Off unless turned on; never under GPC. */
  journal: optional(bool, false),
  /** Business hours of the desk, in its agents' zone. The server's win when it is reachable. */
  hours: optional(
    object({
      /** IANA name: `Europe/Berlin`. */
      zone: word,
      /** `{ "mon": [["09:00", "17:30"]] }`; a day left out is closed. */
      week: record(list(pair(clockTime)), ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      /** Dates on which the desk stays closed. */
      closedOn: optional(list(matching(/^\d{4}-\d\d-\d\d$/, 'a date such as "2026-12-25"'))),
    }),
  ),
  /**
   * What of the answers leads are asked to judge, as shares of all there are; `false`: nothing. What somebody contested
   * or rated low, and what did not help, is taken more often than the rest (`rate`).
   */
  reviews: optional(
    either(
      bool,
      object({
        /** Answers of bot and agents, and handoffs, of which nothing else is known. Default 0.05. */
        rate: optional(fraction),
        contested: optional(fraction),
        lowRated: optional(fraction),
        notSolved: optional(fraction),
        lowConfidence: optional(fraction),
        missed: optional(fraction),
        /** Of each of these in a week, at most. Default 40. */
        weekly: optional(atLeast(1)),
      }),
    ),
  ),
  /** Origins whose pages may talk to the server. */
  origins: optional(list(word)),
  /**
   * Files in conversations with people, both ways. On where the server has a place for them; `false` switches it off at
   * both ends.
   */
  attachments: optional(
    either(
      bool,
      object({
        /** Media types that are taken, by content. Default: pictures, PDF, plain text, CSV, office documents without macros. */
        types: optional(list(oneOf(...Object.keys(MEDIA_TYPES)))),
        /** Bytes of one file. Default 10 000 000. */
        maxBytes: optional(fileBytes),
        /** Million pixels of one picture. Default 40. */
        maxMegapixels: optional(atLeast(1)),
      }),
    ),
  ),
  /** Disputes between two visitors, where the server is told between whom or an agent links two conversations. */
  disputes: optional(
    object({
      /** Each side states its own within so many hours, day and night. Default 72. */
      respondWithinHours: optional(atLeast(1)),
      /** The mediator decides within so many hours from then on, else leads have it. Default 120. */
      decideWithinHours: optional(atLeast(1)),
      /**
       * Facts of the page (`data-asklet-<fact>`) that are no secret between the two: where both pages show the same,
       * both sides read it as common. Others are never compared.
       */
      facts: optional(list(word)),
    }),
  ),
  /**
   * Days for which the server keeps each kind, `false`: until somebody erases it. What is open is never too old. Default:
   * conversations 730 (since their last event), tickets 1 095 (since solved), journal 365, files 730, visits 1, notes 730,
   * deliveries 30, signIns 30.
   */
  retention: optional(
    object({
      conversations: optional(days),
      tickets: optional(days),
      journal: optional(days),
      files: optional(days),
      visits: optional(days),
      notes: optional(days),
      deliveries: optional(days),
      signIns: optional(days),
    }),
  ),
  /**
   * What is masked, and what never is, besides cards, secrets, tokens, e-mail addresses, phone and account numbers: on
   * the device before it leaves, and again on the server. Patterns are of whole words or numbers, whatever their case:
   * signs, `\\d` and classes (`[A-Z]`), each with `?`, `{n}` or `{n,m}` behind it.
   */
  privacy: optional(
    object({
      /** By the name that stands there instead: `{ "member": "MB-\\d{6}" }` leaves `[member]`. At most 20. */
      mask: optional(few(namedPatterns, `at most ${MAX_PATTERNS} patterns`)),
      /** Numbers of orders, contracts … that look like a card, an account or a phone number. At most 20. */
      keep: optional(few(list(pattern(true)), `at most ${MAX_PATTERNS} patterns`)),
    }),
  ),
  /** In the queue for longer than this: a ticket instead. Minutes. */
  maxWaitMinutes: optional(atLeast(1)),
  tickets: optional(
    object({
      /** Days after a ticket was solved in which its visitor may say that it is not. Default 30; 0: never. */
      reopenWithinDays: optional(atLeast(0)),
    }),
  ),
}
const schema = object(fields)

/** The file as a site writes it. */
export type AskletConfig = Taken<typeof schema>
/** The file as the assistant uses it: defaults filled in. */
export type Config = Read<typeof schema>

export interface ParsedConfig {
  readonly config: Config
  /** Keys nobody reads: misspelt, or of a newer version. */
  readonly unknown: readonly string[]
}

/**
 * Checks a parsed configuration.
 *
 * @param value   what JSON.parse returned
 * @param source  where it came from, for the error sentence: an address or a file name
 * @throws AskletError `config_shape`: path, what, got, fix; every problem in one message
 */
export function parseConfig(value: unknown, source: string): ParsedConfig {
  const { value: config, problems } = read(schema, value)
  if (problems.length) {
    const lines = problems.map(problem => `  ${sentenceOf(problem)}`)
    throw new AskletError(
      'config_shape',
      `${source} cannot be used:\n${lines.join('\n')}\nSee README#configuration.`,
    )
  }
  return { config, unknown: unknownKeys(value) }
}

/**
 * Every problem of a parsed configuration, as a list: for a tool that knows the line of each path. Never throws.
 *
 * @returns `path` as `hours.week.mon[0][1]`, '' for the whole file
 */
export function checkConfig(value: unknown): readonly { readonly path: string; readonly sentence: string }[] {
  const { value: config, problems } = read(schema, value)
  return [
    ...problems.map(problem => ({
      path: problem.path.replace(/\.(\d+)(?=\.|$)/g, '[$1]'),
      sentence: `${sentenceOf(problem)}.`,
    })),
    ...droppedKeys(value, config).map(path => ({
      path,
      sentence: `${path} is a key that nobody reads. Misspelt?`,
    })),
  ]
}

/** Keys at any depth that reading left out: what was read has all others. */
function droppedKeys(value: unknown, kept: unknown, path = ''): string[] {
  if (Array.isArray(value) && Array.isArray(kept))
    return value.flatMap((item, i) => droppedKeys(item, kept[i], `${path}[${i}]`))
  if (!isMap(value) || !isMap(kept)) return []
  return Object.keys(value).flatMap(key => {
    const at = path ? `${path}.${key}` : key
    if (Object.hasOwn(kept, key)) return droppedKeys(value[key], kept[key], at)
    return at === '$schema' ? [] : [at]
  })
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sentenceOf = ({ path, wanted, got }: Problem): string =>
  `${path || 'the file'} must be ${wanted}, got ${describe(got)}`

function unknownKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.keys(value).filter(key => !Object.hasOwn(fields, key) && key !== '$schema')
}

/**
 * Parses the text of a configuration file.
 *
 * @throws AskletError `config_syntax` when it is not JSON, else as `parseConfig`
 */
export function readConfig(text: string, source: string): ParsedConfig {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const html = text.trimStart().startsWith('<') ? ' It looks like an HTML page: is the address right?' : ''
    throw new AskletError('config_syntax', `${source} is not JSON: ${(error as Error).message}.${html}`)
  }
  return parseConfig(value, source)
}
