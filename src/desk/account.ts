// Who sits at the desk: signing in and out over HTTP. The session itself is an HttpOnly cookie that no script
// sees; this knows only what the server answers. Refuses to keep a password or a link for longer than one call.

import type { Environment } from '../base/environment'
import { HTTP_PREFIX } from '../protocol/version'

export interface DeskAgent {
  readonly agentId: string
  readonly name: string
}

export type Credentials =
  /** A one-time token, as `asklet agent add` prints it in a link. */
  { readonly link: string } | { readonly name: string; readonly password: string }

/** `refused`: not signed in, or wrong credentials. `unreachable`: nobody knows. */
export type SignInProblem = 'refused' | 'tooMany' | 'unreachable'

export type SignInResult =
  | { readonly ok: true; readonly agent: DeskAgent }
  | { readonly ok: false; readonly problem: SignInProblem }

export interface DeskAccount {
  /** Is the cookie's session still good, and whose is it? Never rejects. */
  me(): Promise<SignInResult>
  /** Never rejects. */
  signIn(credentials: Credentials): Promise<SignInResult>
  /** Resolves when the server has forgotten the session, or could not be reached. */
  signOut(): Promise<void>
}

/** A line that is half open answers nothing and breaks only after minutes. */
const ANSWER_WITHIN_MS = 12_000

/**
 * @param server  origin of the help desk, without a slash at the end; '' for the page's own
 */
export function createDeskAccount(server: string, env: Pick<Environment, 'fetch' | 'after'>): DeskAccount {
  async function call(name: 'me' | 'signin' | 'signout', body: object): Promise<SignInResult> {
    const abort = new AbortController()
    const stopWaiting = env.after(ANSWER_WITHIN_MS, () => abort.abort())
    try {
      const response = await env.fetch(`${server}${HTTP_PREFIX}/desk/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        credentials: server ? 'include' : 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      })
      if (response.status === 429) return { ok: false, problem: 'tooMany' }
      if (response.status >= 500) return { ok: false, problem: 'unreachable' }
      const agent = readAgent(await response.json())
      return response.ok && agent ? { ok: true, agent } : { ok: false, problem: 'refused' }
    } catch {
      return { ok: false, problem: 'unreachable' }
    } finally {
      stopWaiting()
    }
  }

  return {
    me: () => call('me', {}),
    signIn: credentials => call('signin', credentials),
    async signOut() {
      await call('signout', {})
    },
  }
}

function readAgent(answer: unknown): DeskAgent | null {
  const { agent } = (answer ?? {}) as { agent?: Partial<Record<keyof DeskAgent, unknown>> }
  return typeof agent?.agentId === 'string' && typeof agent.name === 'string'
    ? { agentId: agent.agentId, name: agent.name }
    : null
}
