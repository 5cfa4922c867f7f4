// The built-in agent accounts: made by whoever runs the server, signed in by a one-time link or by name and
// password, kept in by an HttpOnly cookie. The store holds hashes only. A host with accounts of its own hands
// `attachHelpDesk` a `verifyAgent` instead.

import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import type { Log } from './conversations'
import {
  agentNameProblem,
  idProblem,
  isStorable,
  languagesProblem,
  reasonLog,
  skillsProblem,
  teamsProblem,
} from './identityForm'
import { AGENT_ROLES, type AgentRole } from './membership'
import type { Agent, HelpDeskStore } from './store/helpDeskStore'

/** An agent as proved for one request. */
export interface VerifiedAgent {
  /** 1 to 200 characters without a NUL. */
  readonly agentId: string
  /** At most 300 characters without a NUL: a longer one is refused, never cut. */
  readonly name: string
  /** `lead` among them makes a lead. A host's own words mean nothing here. */
  readonly roles: readonly string[]
  /** Whose conversations this agent takes: colleagues transfer to a team by its name. At most 20 of 40 characters. */
  readonly teams?: readonly string[]
  /** Categories that this agent knows, by name: what fits is shown first to them. At most 20 of 40 characters. */
  readonly skills?: readonly string[]
  /** BCP 47, what this agent speaks; without any the agent may speak all. At most 20. */
  readonly languages?: readonly string[]
}

/** The only seam for agents: who is behind this request, or nobody. */
export type VerifyAgent = (request: IncomingMessage) => Promise<VerifiedAgent | null> | VerifiedAgent | null

/**
 * A host's own `verifyAgent`, whose agents must have an id that stays one person's and a name that every reader takes.
 * The log says why they have not.
 */
export function onlyFitAgents(verify: VerifyAgent, clock: Pick<Clock, 'now'>, log: Log): VerifyAgent {
  const refused = reasonLog(clock, log, 'agentRefused')
  return async request => {
    const agent = await verify(request)
    if (!agent) return null
    const { agentId, name } = agent
    const ofId = idProblem(agentId)
    if (ofId) return refused(`the agentId, as verifyAgent returned it, ${ofId}`)
    const ofName = agentNameProblem(name)
    if (ofName) return refused(`the name, as verifyAgent returned it, ${ofName}`)
    const ofTeams = teamsProblem(agent.teams ?? [])
    if (ofTeams) return refused(`the teams, as verifyAgent returned them, ${ofTeams}`)
    const ofSkills = skillsProblem(agent.skills ?? [])
    if (ofSkills) return refused(`the skills, as verifyAgent returned them, ${ofSkills}`)
    const ofLanguages = languagesProblem(agent.languages ?? [])
    return ofLanguages ? refused(`the languages, as verifyAgent returned them, ${ofLanguages}`) : agent
  }
}

export const SESSION_COOKIE = 'asklet_desk'

/** A link that lies in a mailbox for longer is a risk without a use. */
const LINK_VALID_MS = 24 * 60 * 60_000
/** A working week's worth of not being asked again; closing the account ends it sooner. */
const SESSION_VALID_MS = 7 * 24 * 60 * 60_000
const MIN_PASSWORD_CHARS = 10
/** OWASP's floor for scrypt: N = 2^17, r = 8, p = 1 takes 128 MiB and about 0.3 s. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 192 * 1_024 * 1_024 }

export interface NewAgent {
  readonly name: string
  readonly agentId?: string
  /** Default: `agent`. */
  readonly roles?: readonly AgentRole[]
  /** Default: none. */
  readonly teams?: readonly string[]
  /** Categories; default: whatever comes. */
  readonly skills?: readonly string[]
  /** BCP 47; default: not known. */
  readonly languages?: readonly string[]
  readonly password?: string
}

export interface Agents {
  /**
   * An account. With an `agentId` that is there already, that one is returned as it is: a start-up script may
   * run again.
   *
   * @throws AskletError `server_shape` when the name is empty, taken or holds a NUL, a role unknown, a team no name, or the
   *   password too short
   */
  add(agent: NewAgent): Promise<VerifiedAgent>
  /** A token that signs this agent (by name or id) in once, within 24 hours. */
  link(agent: string): Promise<string>
  /** Ends the agent's sessions: whoever got in by the former password is out. */
  setPassword(agent: string, password: string): Promise<void>
  /** Instead of those the agent had. @throws AskletError `server_shape` for names that are none */
  setTeams(agent: string, teams: readonly string[]): Promise<VerifiedAgent>
  /** Instead of those the agent had; what is left out stays. @throws AskletError `server_shape` for what is none */
  setSkills(
    agent: string,
    change: { readonly skills?: readonly string[]; readonly languages?: readonly string[] },
  ): Promise<VerifiedAgent>
  /** Account, links and sessions go, and the connections with them; what the agent wrote keeps the name. */
  remove(agent: string): Promise<VerifiedAgent>
  list(): Promise<readonly VerifiedAgent[]>
  /** The agent of a one-time token; null when it is used, late or unknown. */
  signInByLink(token: string): Promise<VerifiedAgent | null>
  /** Rejects with `store_unavailable` when more sign in at once than this machine checks passwords for. */
  signInByPassword(name: string, password: string): Promise<VerifiedAgent | null>
  /** A new session's token, for the cookie. */
  startSession(agentId: string): Promise<{ token: string; maxAgeS: number }>
  endSession(token: string): Promise<void>
  /** Reads the session cookie. */
  verify: VerifyAgent
}

/** @param ended  told whose sessions have just ended */
export function createAgents(
  store: HelpDeskStore,
  clock: Pick<Clock, 'now'>,
  ended: (agentId: string) => void = () => {},
): Agents {
  async function named(name: string): Promise<Agent> {
    const all = await store.agents()
    const agent = all.find(each => each.agentId === name) ?? (await store.agentByName(name))
    if (agent) return agent
    const names = all.map(each => each.name)
    throw new AskletError(
      'server_shape',
      `there is no agent named ${JSON.stringify(name)}. ${names.length > 0 ? `Known: ${names.join(', ')}.` : `Add one: asklet agent add ${JSON.stringify(name)}`}`,
    )
  }

  return {
    async add({
      name,
      agentId = `agent-${randomToken(9)}`,
      roles = ['agent'],
      teams = [],
      skills = [],
      languages = [],
      password,
    }) {
      const trimmed = name.trim()
      if (trimmed === '' || trimmed.length > 80)
        throw new AskletError(
          'server_shape',
          `an agent's name has 1 to 80 characters, got ${trimmed.length}.`,
        )
      if (!isStorable(trimmed))
        throw new AskletError(
          'server_shape',
          `an agent's name holds no NUL and no half of a surrogate pair, got ${JSON.stringify(trimmed)}.`,
        )
      if (!/^[\w-]{1,64}$/.test(agentId))
        throw new AskletError(
          'server_shape',
          `an agentId holds 1 to 64 letters, digits, - and _, got ${describe(agentId)}.`,
        )
      const strange = roles.find(role => !AGENT_ROLES.includes(role))
      if (strange !== undefined)
        throw new AskletError(
          'server_shape',
          `an agent's role is ${AGENT_ROLES.join(' or ')}, got ${describe(strange)}.`,
        )
      checkTeams(teams)
      checkSkills({ skills, languages })
      const there = (await store.agents()).find(each => each.agentId === agentId)
      if (there) return publicPart(there)
      const passwordHash = password === undefined ? null : await hashPassword(password)
      const agent: Agent = {
        agentId,
        name: trimmed,
        roles,
        ...distinct({ teams, skills, languages }),
        passwordHash,
      }
      await store.addAgent(agent)
      return publicPart(agent)
    },
    async link(agentName) {
      const { agentId } = await named(agentName)
      const token = randomToken(32)
      await store.addLink({ tokenHash: hashToken(token), agentId, expiresAt: clock.now() + LINK_VALID_MS })
      return token
    },
    async setPassword(agentName, password) {
      const { agentId } = await named(agentName)
      await store.setPassword(agentId, await hashPassword(password))
      ended(agentId)
    },
    async setTeams(agentName, teams) {
      checkTeams(teams)
      const agent = await named(agentName)
      const own = [...new Set(teams)]
      await store.setTeams(agent.agentId, own)
      return publicPart({ ...agent, teams: own })
    },
    async setSkills(agentName, change) {
      checkSkills(change)
      const agent = await named(agentName)
      const own = distinct(change)
      await store.setSkills(agent.agentId, own)
      return publicPart({ ...agent, ...own })
    },
    async remove(agentName) {
      const agent = await named(agentName)
      await store.removeAgent(agent.agentId)
      ended(agent.agentId)
      return publicPart(agent)
    },
    list: async () => (await store.agents()).map(publicPart),
    async signInByLink(token) {
      const agent = await store.takeLink(hashToken(token), clock.now())
      return agent && publicPart(agent)
    },
    async signInByPassword(name, password) {
      const agent = await store.agentByName(name)
      // An unknown name costs the same time as a wrong password: the answer tells nobody which names exist.
      const isRight = await passwordMatches(password, agent?.passwordHash ?? UNKNOWN_HASH)
      return agent?.passwordHash && isRight ? publicPart(agent) : null
    },
    async startSession(agentId) {
      const token = randomToken(32)
      const expiresAt = clock.now() + SESSION_VALID_MS
      await store.addSession({ tokenHash: hashToken(token), agentId, expiresAt })
      return { token, maxAgeS: SESSION_VALID_MS / 1_000 }
    },
    endSession: token => store.dropSession(hashToken(token)),
    async verify(request) {
      const token = sessionToken(request)
      if (!token) return null
      const agent = await store.sessionAgent(hashToken(token), clock.now())
      return agent && publicPart(agent)
    },
  }
}

/** The session token in a request's cookies. */
export function sessionToken(request: Pick<IncomingMessage, 'headers'>): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === SESSION_COOKIE && value && value.length <= 128) return value
  }
  return null
}

function checkTeams(teams: unknown): void {
  const problem = teamsProblem(teams)
  if (problem) throw new AskletError('server_shape', `an agent's teams ${problem}, got ${describe(teams)}.`)
}

function checkSkills({ skills = [], languages = [] }: Pick<NewAgent, 'skills' | 'languages'>): void {
  const ofSkills = skillsProblem(skills)
  if (ofSkills)
    throw new AskletError('server_shape', `an agent's skills ${ofSkills}, got ${describe(skills)}.`)
  const ofLanguages = languagesProblem(languages)
  if (ofLanguages)
    throw new AskletError('server_shape', `an agent's languages ${ofLanguages}, got ${describe(languages)}.`)
}

/** Each once; lists that are not there stay out. */
function distinct<Lists extends Readonly<Record<string, readonly string[] | undefined>>>(
  lists: Lists,
): Lists {
  const entries = Object.entries(lists).flatMap(([name, list]) => (list ? [[name, [...new Set(list)]]] : []))
  return Object.fromEntries(entries) as Lists
}

function publicPart({ agentId, name, roles, teams = [], skills = [], languages = [] }: Agent): VerifiedAgent {
  return {
    agentId,
    name,
    roles,
    ...(teams.length > 0 && { teams }),
    ...(skills.length > 0 && { skills }),
    ...(languages.length > 0 && { languages }),
  }
}

/** Tokens are random and long, so that a plain hash of them cannot be guessed back. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

async function hashPassword(password: string): Promise<string> {
  if (password.length < MIN_PASSWORD_CHARS)
    throw new AskletError(
      'server_shape',
      `a password has at least ${MIN_PASSWORD_CHARS} characters, got ${password.length}.`,
    )
  const salt = randomBytes(16)
  const key = await derive(password, salt, SCRYPT)
  return `scrypt$${SCRYPT.N}$${SCRYPT.r}$${SCRYPT.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

const UNKNOWN_HASH = `scrypt$${SCRYPT.N}$${SCRYPT.r}$${SCRYPT.p}$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`

async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt = '', key = ''] = stored.split('$')
  if (password.length > 1_000) return false
  const wanted = Buffer.from(key, 'base64url')
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: SCRYPT.maxmem }
  const got = await derive(password, Buffer.from(salt, 'base64url'), options)
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}

/** Each takes a thread for 0.3 s and 128 MiB: two leave threads for the disk, and the rest of the memory to others. */
const DERIVING_AT_ONCE = 2
/** Six seconds of waiting; who comes after that is told to come again. */
const DERIVING_WAITING = 40
let deriving = 0
const waiting: (() => void)[] = []

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (deriving >= DERIVING_AT_ONCE) {
    if (waiting.length >= DERIVING_WAITING)
      throw new AskletError('store_unavailable', 'too many passwords are being checked at once.')
    await new Promise<void>(go => waiting.push(go))
  } else deriving++
  try {
    return await new Promise((resolve, reject) =>
      scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    )
  } finally {
    // The place goes to the next in line; only an empty line makes it free.
    const next = waiting.shift()
    if (next) next()
    else deriving--
  }
}
