// Where an assistant's articles come from, as its configuration says.

import { describe, expect, test, vi } from 'vitest'
import { createKnowledge } from '../../../src/assistant/knowledgeSource'
import { createEnvironment } from '../../../src/base/environment'
import { parseConfig } from '../../../src/protocol/config'
import { factsAt } from '../search/shelf'

function scene(file: object) {
  const requests: { readonly address: string; readonly token: string | null }[] = []
  const { config } = parseConfig(file, 'asklet.json')
  const token = vi.fn(async (): Promise<string | null> => 'proof')
  const knowledge = createKnowledge({
    environment: {
      ...createEnvironment(),
      fetch: async (input, init) => {
        requests.push({
          address: String(input),
          token: new Headers(init?.headers).get('x-asklet-token'),
        })
        if (String(input).endsWith('/search')) return Response.json({ ok: true, suggestions: [] })
        if (String(input).endsWith('manifest.json'))
          return Response.json({ version: 1, locales: [], roles: [], flows: 'flows.json' })
        return Response.json([])
      },
    },
    ready: async () => config,
    address: relative => new URL(relative, 'https://shop.example/help/asklet.json').href,
    server: ({ server }) => server ?? null,
    locale: () => 'en',
    role: () => 'client',
    token,
  })
  return { knowledge, requests, token }
}

describe('search on a server', () => {
  test('is asked where asklet.json names one, and no index is fetched', async () => {
    const { knowledge, requests } = scene({
      search: { url: 'https://help.example' },
      knowledge: 'manifest.json',
      server: 'https://help.example',
    })
    expect(await knowledge.search.suggest('card', factsAt())).toEqual([])
    expect(requests).toEqual([{ address: 'https://help.example/asklet/v1/search', token: 'proof' }])
  })

  test('may be named beside the file; flows still come from the manifest', async () => {
    const { knowledge, requests } = scene({ search: { url: '/' }, knowledge: 'manifest.json' })
    await knowledge.search.suggest('card', factsAt())
    expect(await knowledge.flows()).toEqual([])
    expect(requests.map(({ address }) => address)).toEqual([
      'https://shop.example/asklet/v1/search',
      'https://shop.example/help/manifest.json',
      'https://shop.example/help/flows.json',
    ])
  })

  test('another visitor is asked for anew, with the token of that one', async () => {
    const { knowledge, requests, token } = scene({ search: { url: 'https://help.example' } })
    await knowledge.search.suggest('card', factsAt())
    await knowledge.search.suggest('card', factsAt())
    expect(requests.length).toBe(1)
    token.mockResolvedValue(null)
    knowledge.forget()
    await knowledge.search.suggest('card', factsAt())
    expect(requests.map(request => request.token)).toEqual(['proof', null])
  })
})
