// Conversation tests as people write them: what is read, and what is said of a line that cannot be.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTranscripts } from '../../../src/cli/transcript'

test('a file of two conversations', () => {
  const { dialogues, problems } = parseTranscripts(
    `# comment
test: A late withdrawal
on: /withdrawals as freelancer
page.withdrawal: W-7731
visitor.email: mara@example.com
> Where is it: the money?
cites: a/b | c/d#e
knows: withdrawal = W-7731 | w-7731
asks nothing
[Yes]
(goes to /contract)
page.contract: C-1
> and now?
person
person: askedForPerson | policyTopic

test: Another
on: / as guest
(reads a/b)
no person
(refuses)
`,
    'f.test.txt',
  )
  expect(problems).toEqual([])
  expect(dialogues.map(({ title, route, role, line }) => ({ title, route, role, line }))).toEqual([
    { title: 'A late withdrawal', route: '/withdrawals', role: 'freelancer', line: 2 },
    { title: 'Another', route: '/', role: 'guest', line: 17 },
  ])
  expect(dialogues[0]?.facts).toEqual([
    { name: 'page.withdrawal', value: 'W-7731' },
    { name: 'visitor.email', value: 'mara@example.com' },
  ])
  expect(dialogues[0]?.turns.map(({ act, facts }) => ({ act, facts }))).toEqual([
    { act: { kind: 'writes', text: 'Where is it: the money?' }, facts: [] },
    { act: { kind: 'presses', label: 'Yes' }, facts: [] },
    { act: { kind: 'goes', route: '/contract' }, facts: [{ name: 'page.contract', value: 'C-1' }] },
    { act: { kind: 'writes', text: 'and now?' }, facts: [] },
  ])
  expect(dialogues[0]?.turns[0]?.expectations).toEqual([
    { kind: 'cites', values: ['a/b', 'c/d#e'], text: 'cites: a/b | c/d#e', line: 7 },
    {
      kind: 'knows',
      slot: 'withdrawal',
      values: ['W-7731', 'w-7731'],
      text: 'knows: withdrawal = W-7731 | w-7731',
      line: 8,
    },
    { kind: 'asks nothing', values: [], text: 'asks nothing', line: 9 },
  ])
  expect(dialogues[1]?.turns.map(({ act }) => act)).toEqual([
    { kind: 'reads', articleId: 'a/b' },
    { kind: 'consents', granted: false },
  ])
})

const KINDS =
  'cites, says, never says, asks, knows, flow, buttons, person, asks nothing, unknown, clarifies, no person'

test.each([
  ['> hello', 1, 'the first line must be "test: <title>", got "> hello". Each conversation begins with one.'],
  ['', 1, 'the file must hold a conversation, got none. Begin one with "test: <title>".'],
  ['test:', 1, 'test: must have a title, got none. Say what it shows.'],
  [
    'test: a',
    1,
    'the conversation must have a turn of the visitor, got none. Write "> a question" below it.',
  ],
  [
    'test: a\n> hi\ncite: x',
    3,
    `the line must be a turn or one of ${KINDS}, got "cite: x". A comment begins with #.`,
  ],
  ['test: a\n> hi\nasks', 3, '"asks" must say what, got nothing. Write "asks: …".'],
  ['test: a\n> hi\nunknown: x', 3, '"unknown" must stand alone, got "unknown: x". Leave the rest away.'],
  ['test: a\n> hi\nsays: |', 3, 'says: must say what, got nothing.'],
  ['test: a\nsays: x', 2, '"says: x" must stand after a turn of the visitor, got it before the first one.'],
  [
    'test: a\n> hi\nknows: C-1',
    3,
    'knows: must be a slot and its value, got "C-1". Write "knows: contract = C-20418".',
  ],
  [
    'test: a\n> hi\nperson: angry',
    3,
    'person: must be one of askedForPerson, policyTopic, notSolvedTwice, articleDidNotHelp, flowHandoff, got "angry".',
  ],
  [
    'test: a\n(waits)',
    2,
    'what is in ( ) must be one of (reads <article>), (goes to /path), (reloads), (allows), (refuses), got "(waits)".',
  ],
  ['test: a\n>', 2, 'the visitor must write something, got nothing after >.'],
  ['test: a\n[]', 2, 'the button must have its label, got []. Write [Yes].'],
  ['test: a\non: orders', 2, 'on: must be a path and a role, got "orders". Write "on: /orders as client".'],
  [
    'test: a\n> hi\non: /x',
    3,
    'on: must stand before the first turn, got it after one. Write "(goes to /x)" there.',
  ],
  [
    'test: a\n> hi\npage.order: O-1',
    3,
    'page.order must stand before the first turn or right after "(goes to …)", got it after "> hi". Facts change with the page.',
  ],
  [
    'test: a\nvisitor.phone: 1',
    2,
    'the fact must be page.<name>, visitor.name, visitor.email or attributes.<name>, got "visitor.phone".',
  ],
])('%j is said with its line', (text, line, sentence) => {
  expect(parseTranscripts(text, 'f')).toEqual({ dialogues: [], problems: [{ file: 'f', line, sentence }] })
})

test('a mistake takes its own conversation away, and no other', () => {
  const { dialogues, problems } = parseTranscripts('test: a\n> x\noops\ntest: b\n> y', 'f')
  expect(dialogues.map(({ title }) => title)).toEqual(['b'])
  expect(problems.length).toBe(1)
})

test('whatever is in a file: never a throw, and each line is read or named', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'test: a',
      '> x',
      '[Yes]',
      'on: / as b',
      'person',
      'says: x',
      'page.a: b',
      '(allows)',
      '',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), lines => {
      const { dialogues, problems } = parseTranscripts(lines.join('\n'), 'f')
      expect(dialogues.length + problems.length).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
})
