// The form of what a host says of its visitors and agents. Two ids that differ must stay two people wherever they
// are kept, and what is said beside an id must be of the shape in which both ends read it: one longer name, stored,
// would keep a conversation from ever being read again. Owns what is asked of both, and the line in the log for who
// is refused. Cuts nothing: a cut name would be one that nobody signed.

import type { Clock } from '../base/environment'
import { fitsIn, MAX_TEAM_CHARS, MAX_TEAMS } from '../protocol/limits'
import type { Log } from './conversations'

const MAX_ID_CHARS = 200
/** What the protocol lets a name, a role, an address and an attribute hold. */
const MAX_FACT_CHARS = 300
const MAX_ATTRIBUTES = 30
const MAX_ATTRIBUTE_NAME_CHARS = 60
/** Together as JSON: with a brief (16 KiB) they still share a frame. The longest token taken holds less. */
const MAX_FACTS_BYTES = 8_192
/** Bad ids and tokens come in thousands or not at all: one line says what is wrong with them. */
const SAY_AGAIN_MS = 60_000

/**
 * Does a text come out of every database as it went in? Postgres keeps no NUL, and in UTF-8 every half of a
 * surrogate pair becomes the same mark: two such ids would be one.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

const NOT_STORABLE = 'holds a NUL or half of a surrogate pair, which no database tells apart'

/** What is wrong with an id, as the end of a sentence; null when it can be somebody's. */
export function idProblem(id: unknown): string | null {
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_CHARS)
    return `is not a text of 1 to ${MAX_ID_CHARS} characters`
  if (!isStorable(id)) return NOT_STORABLE
  return /\p{Cc}/u.test(id) ? 'holds a control character' : null
}

function factProblem(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MAX_FACT_CHARS
    ? null
    : `is not a text of at most ${MAX_FACT_CHARS} characters`
}

/** What is wrong with an agent's name, as the end of a sentence; null when all can read it. */
export function agentNameProblem(name: unknown): string | null {
  return factProblem(name) ?? (isStorable(name as string) ? null : NOT_STORABLE)
}

/** What is wrong with a list of teams, as the end of a sentence; null when all can read it. */
export function teamsProblem(teams: unknown): string | null {
  const areTeams =
    Array.isArray(teams) &&
    teams.length <= MAX_TEAMS &&
    teams.every(
      team =>
        typeof team === 'string' &&
        team.length <= MAX_TEAM_CHARS &&
        team !== '' &&
        team.trim() === team &&
        isStorable(team) &&
        !/\p{Cc}/u.test(team),
    )
  return areTeams
    ? null
    : `are not a list of at most ${MAX_TEAMS} names of 1 to ${MAX_TEAM_CHARS} characters, without spaces at their ends`
}

/** Names of categories, as the end of a sentence; they are written as teams are. */
export const skillsProblem = teamsProblem

/** What is wrong with a list of languages, as the end of a sentence; null when each is one. */
export function languagesProblem(languages: unknown): string | null {
  const areLanguages =
    Array.isArray(languages) && languages.length <= MAX_TEAMS && languages.every(one => isLanguage(one))
  return areLanguages ? null : `are not a list of at most ${MAX_TEAMS} languages such as "de" or "pt-BR"`
}

function isLanguage(tag: unknown): boolean {
  try {
    return typeof tag === 'string' && tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

type Fact = 'visitorId' | 'role' | 'name' | 'email' | 'attributes'

/**
 * Which part of what a host says of a visitor cannot be taken, and what is wrong with it as the end of a sentence;
 * null when nothing is. A fact that is null is one that is absent: databases have it for "not known".
 */
export function visitorProblem(
  visitor: Readonly<Partial<Record<Fact, unknown>>>,
): { readonly fact: Fact; readonly problem: string } | null {
  const { visitorId, role, name, email, attributes } = visitor
  const ofId = idProblem(visitorId)
  if (ofId) return { fact: 'visitorId', problem: ofId }
  for (const [fact, value] of Object.entries({ role, name, email }) as [Fact, unknown][]) {
    const problem = factProblem(value ?? '')
    if (problem) return { fact, problem }
  }
  const problem = !areAttributes(attributes ?? {})
    ? `are not a flat object of at most ${MAX_ATTRIBUTES} texts (of at most ${MAX_FACT_CHARS} characters), numbers and booleans, under names of at most ${MAX_ATTRIBUTE_NAME_CHARS}`
    : !fitsIn({ role, name, email, attributes }, MAX_FACTS_BYTES)
      ? `take more than ${MAX_FACTS_BYTES} bytes as JSON, together with role, name and email`
      : null
  return problem === null ? null : { fact: 'attributes', problem }
}

/** Flat and bounded, as the brief's. */
function areAttributes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return (
    entries.length <= MAX_ATTRIBUTES &&
    entries.every(
      ([name, item]) =>
        name.length <= MAX_ATTRIBUTE_NAME_CHARS &&
        name !== '__proto__' &&
        (typeof item === 'boolean' ||
          Number.isFinite(item) ||
          (typeof item === 'string' && item.length <= MAX_FACT_CHARS)),
    )
  )
}

/** Logs each reason once a minute, as `event`. Always null, for who returns nobody with it. */
export function reasonLog(clock: Pick<Clock, 'now'>, log: Log, event: string): (reason: string) => null {
  const said = new Map<string, number>()
  return reason => {
    const now = clock.now()
    if (now - (said.get(reason) ?? -SAY_AGAIN_MS) < SAY_AGAIN_MS) return null
    // Reasons are the host's own sentences, few; a host that makes one for each token does not fill the memory.
    if (said.size >= 100) said.clear()
    said.set(reason, now)
    log({ level: 'warn', event, reason: reason.slice(0, 300) })
    return null
  }
}
