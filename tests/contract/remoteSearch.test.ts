// The search on a server, through a real HTTP server and files on a disk: what the search in the page keeps, it keeps.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createRemoteSearch } from '../../src/search/remoteSearch'
import { ADMIT_ALL } from '../../src/server/admission'
import { contractArticles, contractFacts, searchContract } from '../../src/testing/contracts/searchContract'
import { writeHelp } from '../support/builtHelp'
import { type HelpDeskServer, startHelpDesk } from '../support/helpDeskServer'
import { shelfSearch } from './shelfSearch'

const root = await mkdtemp(join(tmpdir(), 'asklet-remote-'))
const running: HelpDeskServer[] = []
let folders = 0

async function serve(articles: Parameters<typeof writeHelp>[1] | null): Promise<HelpDeskServer> {
  const folder = join(root, `help-${++folders}`)
  if (articles) await writeHelp(folder, articles)
  const server = await startHelpDesk(join(root, `${folders}.db`), {
    ...(articles && { helpDir: folder }),
    limits: { admission: ADMIT_ALL },
  })
  running.push(server)
  return server
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
afterAll(() => rm(root, { recursive: true }))

const overHttp = async (articles: Parameters<typeof writeHelp>[1]) =>
  createRemoteSearch({ url: (await serve(articles)).base, mayTellRoutes: () => true })

for (const { title, run } of searchContract({
  create: overHttp,
  async createUnreachable() {
    const server = await serve(contractArticles)
    running.pop()
    await server.close()
    return createRemoteSearch({ url: server.base })
  },
}))
  test(title, run)

for (const { title, run } of searchContract({
  create: overHttp,
  createUnreachable: async () => createRemoteSearch({ url: (await serve(null)).base }),
}))
  if (title.startsWith('[Q4]')) test(`${title}: a server without help`, run)

test('the server answers as the search in the page does, to the last digit of a score', async () => {
  const [remote, local] = [await overHttp(contractArticles), shelfSearch(contractArticles)]
  const facts = {
    page: {
      ...contractFacts.page,
      route: '/lake',
      name: 'Swimming in the lake',
      headings: ['Fishing'],
      // Whatever ranks one day must travel, or this is where it shows: see SearchFacts.
      title: 'Huts',
      data: { topic: 'huts' },
      errors: ['The hut is taken'],
      recentRoutes: ['/huts'],
    },
    visitor: { locale: 'en', role: 'angler', attributes: { plan: 'pro' }, email: 'mara@example.com' },
  }
  for (const query of ['', 'b', 'boat', 'rowing bota', 'hut number 3', 'where are the oars', 'permit '])
    for (const limit of [1, 6, 20])
      expect(await remote.suggest(query, facts, { limit })).toEqual(
        await local.suggest(query, facts, { limit }),
      )
  for (const question of ['Where are the oars?', 'What does a permit cost?', 'no such thing'])
    expect(await remote.passages(question, facts, 3)).toEqual(await local.passages(question, facts, 3))
  expect(await remote.article('boats/rent')).toEqual(
    JSON.parse(JSON.stringify({ ...(await local.article('boats/rent')) })),
  )
})
