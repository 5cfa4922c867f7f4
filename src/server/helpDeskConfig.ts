// What the server takes from `asklet.json`: the same file and schema that the page reads, so that hours are said
// once.

import { AskletError, describe } from '../base/errors'
import type { SiteMasks } from '../base/redact'
import type { ListedAction } from '../protocol/answer'
import { type AskletConfig, parseConfig } from '../protocol/config'
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_MEGAPIXELS, DEFAULT_TYPES } from '../protocol/mediaTypes'
import type { Hours } from '../protocol/records'
import { type ReviewStratum, STRATA } from '../protocol/reviews'
import { DEFAULT_REOPEN_DAYS } from '../protocol/ticket'
import type { DisputeTerms } from './disputeRules'
import type { FileRules } from './files/uploads'
import type { TriageRules } from './firstLook'
import { hoursProblem } from './hours'
import type { PriorityRules } from './priority'
import { DEFAULT_RETENTION, type Retention } from './retention'
import { DEFAULT_REVIEWS, type ReviewRules } from './sampling'
import type { ServiceLevels } from './serviceLevels'

export interface HelpDeskConfig {
  readonly hours: Hours | null
  /** What conversations are about, in the site's words. */
  readonly categories: readonly string[]
  readonly waitAtMostMs: number | null
  readonly disputes: Partial<DisputeTerms> & { readonly facts: readonly string[] }
  /** What is masked and kept beside what `redact` knows. */
  readonly masks: SiteMasks | undefined
  /** How long each kind is kept. */
  readonly retention: Retention
  readonly priorities: PriorityRules | null
  /** For so long a visitor may reopen a solved ticket. */
  readonly reopenWithinDays: number
  /** What is promised for tickets; null: nothing. */
  readonly serviceLevels: ServiceLevels | null
  /** By whose words a category is told. */
  readonly triage: TriageRules
  /** Whether the receiver of journal records is open. */
  readonly journal: boolean
  /** What leads are asked to judge; null: nothing. */
  readonly reviews: ReviewRules | null
  readonly origins: readonly string[]
  /** What files are taken; null: none. */
  readonly files: FileRules | null
  /** What a language model may propose, by name. */
  readonly answerActions: ReadonlyMap<string, ListedAction>
}

/** @throws AskletError `config_shape` with path, what, got and fix */
export function readConfig(given: unknown): HelpDeskConfig {
  const {
    hours,
    maxWaitMinutes,
    priorities,
    tickets,
    serviceLevels,
    journal,
    origins = [],
    answer,
    attachments,
    reviews,
    categories = [],
    disputes = {},
    policyTopics = [],
    retention,
    privacy,
  } = parseConfig(given ?? {}, 'config').config
  const problem = hours ? hoursProblem(hours) : null
  if (problem) throw new AskletError('config_shape', `config.${problem}.`)
  return {
    hours: hours ?? null,
    categories: categories.map(({ name }) => name),
    waitAtMostMs: maxWaitMinutes === undefined ? null : maxWaitMinutes * 60_000,
    disputes: disputeTerms(disputes),
    priorities: priorities ?? null,
    reopenWithinDays: tickets?.reopenWithinDays ?? DEFAULT_REOPEN_DAYS,
    serviceLevels: serviceLevels ?? null,
    triage: { categories, policyTopics },
    retention: { ...DEFAULT_RETENTION, ...defined(retention ?? {}) },
    masks: privacy,
    journal,
    reviews: reviews === false ? null : reviewRules(reviews === true ? {} : reviews),
    origins: origins.map(checkOrigin),
    files: attachments === false ? null : fileRules(attachments === true ? {} : attachments),
    answerActions: new Map(Object.entries(answer?.actions ?? {})),
  }
}

const HOUR_MS = 3_600_000

function disputeTerms({
  respondWithinHours,
  decideWithinHours,
  facts = [],
}: NonNullable<AskletConfig['disputes']>): HelpDeskConfig['disputes'] {
  return {
    ...(respondWithinHours !== undefined && { respondWithinMs: respondWithinHours * HOUR_MS }),
    ...(decideWithinHours !== undefined && { decideWithinMs: decideWithinHours * HOUR_MS }),
    facts,
  }
}

/** A key that was left out is as if it were not there. */
function defined<Values extends object>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function fileRules({
  types = [...DEFAULT_TYPES],
  maxBytes = DEFAULT_MAX_BYTES,
  maxMegapixels = DEFAULT_MAX_MEGAPIXELS,
}: Exclude<AskletConfig['attachments'], boolean | undefined> = {}): FileRules {
  return { types, maxBytes, maxPixels: maxMegapixels * 1_000_000 }
}

function reviewRules({
  rate,
  weekly = DEFAULT_REVIEWS.weekly,
  ...own
}: Exclude<AskletConfig['reviews'], boolean | undefined> = {}): ReviewRules {
  const rates = { ...DEFAULT_REVIEWS.rates }
  for (const stratum of STRATA) {
    const named = (own as Partial<Record<ReviewStratum, number | undefined>>)[stratum]
    const isOrdinary = stratum === 'answers' || stratum === 'handoffs' || stratum === 'agents'
    rates[stratum] = named ?? (isOrdinary ? rate : undefined) ?? rates[stratum]
  }
  return { rates, weekly }
}

/** What a server would refuse in a configuration of the right shape, for `asklet check`. Never throws. */
export function serverProblems(
  given: unknown,
): readonly { readonly path: string; readonly sentence: string }[] {
  const problems: { path: string; sentence: string }[] = []
  let config: ReturnType<typeof parseConfig>['config']
  try {
    config = parseConfig(given, 'config').config
  } catch {
    return problems
  }
  const wrongHours = config.hours ? hoursProblem(config.hours) : null
  if (wrongHours)
    problems.push({ path: wrongHours.slice(0, wrongHours.indexOf(' ')), sentence: `${wrongHours}.` })
  for (const [i, origin] of (config.origins ?? []).entries())
    if (!originOf(origin)) problems.push({ path: `origins[${i}]`, sentence: originSentence(origin) })
  return problems
}

/** An origin as browsers send it. @throws AskletError `server_shape` */
export function checkOrigin(origin: string): string {
  const made = originOf(origin)
  if (made === null) throw new AskletError('server_shape', originSentence(origin))
  return made
}

function originOf(written: string): string | null {
  try {
    const { origin } = new URL(written)
    return origin !== 'null' && origin === written.replace(/\/$/, '') ? origin : null
  } catch {
    return null
  }
}

const originSentence = (got: string): string =>
  `an allowed origin is scheme and host like "https://shop.example", got ${describe(got)}. Leave path and slash away.`
