// Where articles, flows and the bot's model come from: the manifest that the configuration names, and, for a visitor whose role
// the host has signed, the private index that only the server gives out (`privateArticles`). Or, where the configuration says so, a
// server that searches. Owns what is loaded; one load each.

import type { Environment } from '../base/environment'
import { AskletError } from '../base/errors'
import { inTurns } from '../base/inTurns'
import { once } from '../base/once'
import { type Manifest, parseManifest } from '../knowledge/manifest'
import type { Config } from '../protocol/config'
import { createJsonLoader, type LoadJson } from '../search/loadJson'
import { createLocalSearch, type LocalSearchDeps } from '../search/localSearch'
import type { SearchProvider } from '../search/searchProvider'

export interface KnowledgeSource {
  /** Waits for the configuration, then answers from the index of the visitor's language, or asks the server. */
  readonly search: SearchProvider
  /** The built file of flows, or of the bot's model, parsed as JSON; null when the site has none. */
  file(name: 'flows' | 'model'): Promise<unknown>
  /** Language or identity changed: load again what the next question needs. */
  forget(): void
}

export interface KnowledgeDeps {
  readonly environment: Environment
  ready(): Promise<Config>
  /** An address of the configuration, made absolute. */
  address(relative: string): string
  /** Base address of the server, null where there is none. */
  server(config: Config): string | null
  locale(): string
  role(): string | undefined
  /** Null: nobody has signed in. Rejects when the host's function fails. */
  token(): Promise<string | null>
  /** Consent reaches as far as telling a server where the visitor was before. */
  mayTellRoutes(): boolean
}

export function createKnowledge(deps: KnowledgeDeps): KnowledgeSource {
  const { environment, ready, address } = deps

  const loadManifest = once(async (): Promise<{ manifest: Manifest; loadJson: LoadJson }> => {
    const { knowledge } = await ready()
    if (!knowledge) {
      throw new AskletError(
        'index_missing',
        'asklet.json names no knowledge: set it to the manifest.json of "asklet build".',
      )
    }
    const url = new URL(address(knowledge))
    const file = url.pathname.split('/').pop() ?? ''
    const loadJson = createJsonLoader(environment.fetch, new URL('.', url).href)
    return { manifest: parseManifest(await loadJson(file)), loadJson }
  })

  /** What only this visitor may read. Its absence takes nothing away from the public articles. */
  function privateArticles(config: Config): LocalSearchDeps['extra'] {
    const role = deps.role()
    const server = deps.server(config)
    if (!role || server === null) return undefined
    const index = 'index'
    const loader = once(async () =>
      (await import('./privateArticles')).createPrivateLoader({ ...deps, server, role }, index),
    )
    return { index, loadJson: async file => (await loader())(file) }
  }

  const makeSearch = () =>
    once(async (): Promise<SearchProvider> => {
      const config = await ready()
      const { search, privacy } = config
      if (search) {
        const { createRemoteSearch } = await import('../search/remoteSearch')
        return createRemoteSearch({
          url: address(search.url),
          fetch: environment.fetch,
          token: deps.token,
          locale: deps.locale,
          mayTellRoutes: deps.mayTellRoutes,
          privacy,
        })
      }
      const { manifest, loadJson } = await loadManifest()
      const extra = privateArticles(config)
      // What a role may read beside it has no name that says what it holds.
      if (!extra) from = manifest
      return createLocalSearch({
        loadJson,
        indexes: manifest.locales,
        locale: deps.locale(),
        ...(extra && { extra }),
        breathe: inTurns(environment),
      })
    })
  let from: Manifest | undefined
  let current = makeSearch()
  /** What answered last, and from what. */
  let answering: { readonly of: typeof current; readonly provider: SearchProvider } | undefined
  async function search(): Promise<SearchProvider> {
    const of = current
    const provider = await of()
    answering = { of, provider }
    return provider
  }

  return {
    search: {
      suggest: async (query, facts, options) => (await search()).suggest(query, facts, options),
      passages: async (question, facts, limit) => (await search()).passages(question, facts, limit),
      article: async articleId => (await search()).article(articleId),
      from: () => from,
      pending: () => (answering?.of === current ? answering.provider.pending?.() : undefined),
    },
    async file(name) {
      const { knowledge } = await ready()
      if (!knowledge) return null
      const { manifest, loadJson } = await loadManifest()
      const file = manifest[name]
      return file ? loadJson(file) : null
    },
    forget() {
      from = undefined
      current = makeSearch()
    },
  }
}
