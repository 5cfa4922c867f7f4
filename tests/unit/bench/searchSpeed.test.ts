import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { HelpText } from '../../bench/relevance/corpora'
import { indexBytes, sum, writeSite } from '../../bench/searchSpeed/files'
import { sectionsOf } from '../../bench/searchSpeed/sites'
import { open, openOurs, type } from '../../bench/searchSpeed/underTest'

const article: HelpText = {
  id: 'pay',
  title: 'Pay',
  keywords: '',
  summary: 'How to pay.',
  headings: ['By card', 'By bank', 'Not in the body'],
  body: 'Before.\nBy card\nType its number.\nBy bank\nBy bank it takes a day.',
  slug: 'pay',
  folders: '',
  area: '',
}
const folder = mkdtempSync(join(tmpdir(), 'asklet-sites-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('an article falls into what stands before its first heading and one part a heading', () => {
  expect(sectionsOf(article).map(({ id, title, summary, body }) => [id, title, summary, body])).toEqual([
    ['pay#0', 'Pay', 'How to pay.', 'Before.'],
    ['pay#1', 'By card, Pay', '', 'Type its number.'],
    ['pay#2', 'By bank, Pay', '', 'By bank it takes a day.'],
  ])
})

test('what is fetched until the first suggestions is known by name and size, and no article is among it', async () => {
  const files = writeSite({ size: 3, articles: sectionsOf(article), typed: ['By c'] }, folder)
  const { opened, answer } = await open(openOurs, async file =>
    JSON.parse(readFileSync(join(folder, 'ours', file), 'utf8')),
  )
  expect(opened.first[0]).toBe('manifest.json')
  expect(opened.first.length).toBeGreaterThan(1)
  expect(sum(files.ours, opened.first)).toBeGreaterThan(100)
  expect(sum(files.ours, opened.all)).toBe(sum(files.ours, files.ours.keys()))
  expect(indexBytes(files)).toBeLessThan(sum(files.ours, files.ours.keys()))
  expect(() => sum(files.ours, ['other.json'])).toThrow('"other.json"')
  expect(await answer('card')).toBe(1)
  expect(await type(answer, ['card', 'By b'])).toHaveLength(8)
})
