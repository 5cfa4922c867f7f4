// Packs: each is neutral, says what is to be filled in, and, filled in as its readme shows, is sound and talks as its
// test says. Filled in with the demo's words, because the demo has the articles.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCheck } from '../../../src/cli/check'
import { unfilledPlaces } from '../../../src/cli/flowFiles'
import { flows } from '../../../src/cli/flows'
import { run as runTests } from '../../../src/cli/test'
import { createSpoken } from './spoken'

const PACKS = join(import.meta.dirname, '../../../packs')
const ARTICLES = join(import.meta.dirname, '../../../demo/help/articles')
const names = readdirSync(PACKS).sort()
let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-packs-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const say = async (...args: string[]) => {
  const out = createSpoken()
  return { code: await flows(args, out, PACKS), ...out }
}
/** Place -> example, from the table of a readme. */
function examplesOf(readme: string): ReadonlyMap<string, string> {
  return new Map(
    [...readme.matchAll(/^\| (\{\{.*?\}\}) \| [^|]+ \| `(.*)` \|$/gm)].map(([, place = '', example = '']) => [
      place,
      example,
    ]),
  )
}

test('list says what each is for', async () => {
  const { lines } = await say('list')
  expect(lines.map(line => line.split(' ')[0])).toEqual(names)
  expect(names).toEqual([
    'account-restriction',
    'orders-and-returns',
    'passwords',
    'payment-dispute',
    'payment-methods',
    'profile-verification',
    'withdrawals',
  ])
  for (const line of lines) expect(line).toMatch(/^\S+ {2,}\S.*\.$/)
})

describe.each(names)('%s', name => {
  test('is nobody’s: no name of a company, and no number that only one site has', () => {
    const flow = readFileSync(join(PACKS, name, `${name}.json`), 'utf8')
    expect(flow).not.toMatch(/workmere|freelancer|\b[A-Z]-\d{3}|\d+ (?:business )?days/i)
  })

  test('its readme names each place, once, with an example', () => {
    const readme = readFileSync(join(PACKS, name, `${name}.readme.txt`), 'utf8')
    const flow = readFileSync(join(PACKS, name, `${name}.json`), 'utf8')
    const places = unfilledPlaces(flow).map(({ place }) => place)
    expect([...examplesOf(readme).keys()].sort()).toEqual([...places].sort())
  })

  test('as it comes, what is to be filled in is named with its place; filled in, it is sound and talks as its test says', async () => {
    const added = await say('add', name, '--to', work)
    expect(added.lines.slice(0, 3)).toEqual([
      join(work, 'flows', `${name}.json`),
      join(work, 'flows', `${name}.readme.txt`),
      join(work, 'tests', `${name}.test.txt`),
    ])
    const check = async () => {
      const out = createSpoken()
      const args = [join(work, 'flows'), '--articles', ARTICLES, '--actions', 'lookupWithdrawal', '--strict']
      return { code: await createCheck().run(args, out), ...out }
    }
    const before = await check()
    expect(before.code).toBe(1)
    expect(before.errors.every(line => /^\S+:\d+:\d+: must be filled in, got \{\{.*\}\}\./.test(line))).toBe(
      true,
    )

    const examples = examplesOf(readFileSync(join(work, 'flows', `${name}.readme.txt`), 'utf8'))
    for (const file of [join(work, 'flows', `${name}.json`), join(work, 'tests', `${name}.test.txt`)])
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/\{\{[^{}]*\}\}/g, place => examples.get(place) ?? place),
      )
    expect((await check()).errors).toEqual([])
    const out = createSpoken()
    const code = await runTests([join(work, 'tests'), '--articles', ARTICLES], out)
    expect(out.errors).toEqual([])
    expect(code, out.lines.join('\n')).toBe(0)
  })
})

test('nothing is written over, not even a part', async () => {
  mkdirSync(join(work, 'tests'))
  writeFileSync(join(work, 'tests/passwords.test.txt'), 'mine')
  await expect(say('add', 'passwords', '--to', work)).rejects.toThrow(
    /nothing may be written over, got .*passwords\.test\.txt\. Rename what is there/,
  )
  expect(readdirSync(work)).toEqual(['tests'])
  expect(readFileSync(join(work, 'tests/passwords.test.txt'), 'utf8')).toBe('mine')
})

test('a pack that is not there, and a word that is none of its', async () => {
  await expect(say('add', 'refunds')).rejects.toThrow(
    /the pack must be one of account-restriction, .*, got "refunds"/,
  )
  await expect(say('put')).rejects.toThrow(/the next word must be list or add, got "put"/)
})
