import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conformancePage, standingOf } from '../../browser/a11y/conformance'
import { CHECKS, type Check, CRITERIA } from '../../browser/a11y/criteria'

const none = Object.fromEntries(Object.keys(CHECKS).map(check => [check, 0])) as Record<Check, number>
const some = Object.fromEntries(Object.keys(CHECKS).map(check => [check, 7])) as Record<Check, number>
const clean = { states: 2, pages: 8, locales: ['en', 'ar'], sizes: ['320 px'], looked: some, wrong: none }

test('WCAG 2.2 has 55 criteria of the levels A and AA, and each is here once', () => {
  expect(new Set(CRITERIA.map(({ id }) => id)).size).toBe(55)
  expect(CRITERIA.filter(({ level }) => level === 'A')).toHaveLength(31)
})

test.each(CRITERIA)('$id $name says what holds it, and the tests that it names are there', criterion => {
  const { checks = [], tests = [], none: why, open } = criterion
  expect(checks.length + tests.length > 0 || why !== undefined || open !== undefined).toBe(true)
  for (const [file, title] of tests) {
    expect(existsSync(file), file).toBe(true)
    expect(readFileSync(file, 'utf8'), file).toContain(title)
  }
})

test('what was found wrong, or never looked at, is not met; what a person has to judge is said to be', () => {
  const [criterion] = CRITERIA.filter(({ checks, open }) => checks?.includes('targets') && !open)
  if (!criterion) throw new Error('no criterion is held by targets')
  expect(standingOf(criterion, clean)).toBe('met')
  expect(standingOf(criterion, { ...clean, wrong: { ...none, targets: 1 } })).toBe('not met')
  expect(standingOf(criterion, { ...clean, looked: { ...some, targets: 0 } })).toBe('not met')
  const byEye = CRITERIA.find(({ open, none }) => open && !none)
  expect(byEye && standingOf(byEye, clean)).toBe('met, in part by eye')
})

test('every criterion stands on the page, and nothing on it is markup by accident', () => {
  const page = conformancePage(clean)
  for (const { id, name } of CRITERIA) expect(page).toContain(`${id} ${name}</th>`)
  expect(page.match(/<tr>/g)).toHaveLength(56)
})
