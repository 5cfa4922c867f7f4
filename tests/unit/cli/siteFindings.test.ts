// What asklet check tells of flows and articles beside one another: topics that nobody has, too few examples, and
// titles that two have.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { createSpoken } from './spoken'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-findings-'))
  for (const name of ['flows', 'articles']) mkdirSync(join(work, name))
  writeFileSync(join(work, 'articles', 'a.md'), '---\ntitle: Fees\n---\nWords.')
  writeFileSync(join(work, 'asklet.json'), '{ "policyTopics": [{ "topic": "safety", "words": ["threat"] }] }')
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

function flow(id: string, more: object): void {
  const startsWith = [`${id} red`, `${id} green`, `${id} blue`]
  const steps = { a: { say: 'A person will help.', next: 'p' }, p: { handoff: id } }
  writeFileSync(
    join(work, 'flows', `${id}.json`),
    JSON.stringify({ id, title: id, startsWith, steps, ...more }),
  )
}
async function check(): Promise<readonly string[]> {
  const out = createSpoken()
  expect(await main(['check', join(work, 'flows')], out)).toBe(0)
  return out.errors.map(line => line.replace(/:\d+(?::\d+)?: (?:Asklet \[\w+\]: )?/, ': '))
}

test('a policy topic that neither the site nor the language has, with the nearest that are', async () => {
  flow('one', { policyTopic: 'dispute' })
  flow('two', { policyTopic: 'safety' })
  expect(await check()).toEqual([])
  flow('two', { policyTopic: 'saftey' })
  const sentence =
    'policyTopic should be a topic of asklet.json (policyTopics) or of the language, got saftey'
  expect(await check()).toEqual([expect.stringContaining(`two.json: ${sentence}. Did you mean safety, `)])
})

test('a flow with too few examples', async () => {
  flow('one', { startsWith: ['one red', 'one green'] })
  expect(await check()).toEqual([
    'one.json: startsWith should hold 3 sentences or more, got 2. Add sentences as visitors write them; 10 are a good start.',
  ])
})

test('two flows, and two articles, of one title', async () => {
  flow('one', { title: 'Refund' })
  flow('two', { title: 'refund' })
  writeFileSync(join(work, 'articles', 'b.md'), '---\ntitle: fees\n---\nOther words.')
  expect(await check()).toEqual([
    'two.json: title should be its own, because visitors choose by it, got "refund", which one (one.json) has. Rename one of them.',
    'b.md: must have a title of its own, got "fees", which a.md has. Rename one, or join them.',
  ])
})
