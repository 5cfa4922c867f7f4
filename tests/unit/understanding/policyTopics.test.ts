// Cases that only a person may decide, told from questions of how such things work.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { english } from '../../../src/understanding/languages/en'
import { createPolicyTopics } from '../../../src/understanding/policyTopics'

const topicsOf = createPolicyTopics([], english.policy)
const named = (text: string) => topicsOf(text).map(({ topic }) => topic)

test.each([
  ['I was charged twice', 'payment'],
  ['my account was restricted for violating the terms', 'terms'],
  ['the client disputes my invoice', 'dispute'],
  ['How do I get paid? My payout is missing since Friday.', 'payment'],
])('"%s" is a case of %s', (text, topic) => {
  expect(named(text)).toEqual([topic])
})

test.each([
  'how do I withdraw money',
  'which payment methods are there',
  'how do refunds work',
  'Can a client dispute a payment?',
  'what happens if my account is suspended',
  'where can I see my payments',
])('"%s" asks how things work, and is no case', text => {
  expect(named(text)).toEqual([])
})

test('of the labelled messages that were not looked at, nine in ten are told, and nine in ten of those rightly', () => {
  const rows: { text: string; topic: string; half: string }[] = readFileSync(
    join(import.meta.dirname, '../../bench/topics/policy.jsonl'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const fresh = rows.filter(({ half }) => half === 'fresh')
  const told = fresh.filter(({ text }) => named(text).length)
  const cases = fresh.filter(({ topic }) => topic)
  const right = told.filter(({ topic }) => topic).length
  expect(fresh.length).toBe(131)
  expect(right / told.length).toBeGreaterThanOrEqual(0.9)
  expect(right / cases.length).toBeGreaterThanOrEqual(0.9)
})

test('a sign names its words; the site’s own words go first and are marked as its own', () => {
  const topics = createPolicyTopics([{ topic: 'legal', words: ['lawyer'] }], english.policy)
  expect(topics('My lawyer says you charged me twice.')).toEqual([
    { topic: 'legal', evidence: ['lawyer'], isListed: true },
    { topic: 'payment', evidence: [expect.stringContaining('you charged')], isListed: false },
  ])
})

test('a topic that is off is the bot’s again, and the site may add words to one that is on', () => {
  const off = createPolicyTopics([{ topic: 'payment', off: true }], english.policy)
  expect(off('I was charged twice')).toEqual([])
  expect(off('the client disputes my invoice')).toHaveLength(1)
  const more = createPolicyTopics([{ topic: 'payment', words: ['wire'] }], english.policy)
  expect(more('about the wire').map(({ topic }) => topic)).toEqual(['payment'])
  expect(more('I was charged twice for the wire')).toHaveLength(1)
})

test('without a language only the site’s own words are topics', () => {
  expect(createPolicyTopics([])('I was charged twice')).toEqual([])
})
