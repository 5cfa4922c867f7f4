import { describe, expect, test } from 'vitest'
import { fillVariables, matchReplies, slashAt, unfilled } from '../../../src/desk/canned'
import type { CannedReply } from '../../../src/protocol/deskRecords'

const reply = (shortcut: string, title = '', text = ''): CannedReply => ({
  replyId: shortcut,
  revision: 1,
  shortcut,
  title,
  text,
  editedBy: { agentId: 'a', name: 'Ada' },
  editedAt: 0,
})

describe('a slash', () => {
  test.each([
    ['/', 1, ''],
    ['/ref', 4, 'ref'],
    ['Hello\n/ref', 10, 'ref'],
    ['  /ref', 6, 'ref'],
    ['/ref und', 4, 'ref'],
    ['/refund pol', 11, 'refund pol'],
  ])('asks for the list in %j with the caret at %i', (text, caret, query) => {
    const found = slashAt(text, caret)
    expect(found).toMatchObject({ query, to: caret })
    expect(text[found?.from ?? -1]).toBe('/')
  })

  test.each([
    ['and/or', 6],
    ['see /help', 9],
    ['https://x.example', 17],
    ['//comment', 9],
    ['/usr/bin', 8],
    ['/ref', 0],
    ['', 0],
    [`/${'x'.repeat(41)}`, 42],
  ])('is a sign like others in %j with the caret at %i', (text, caret) => {
    expect(slashAt(text, caret)).toBeNull()
  })
})

test('what fits comes by shortcut first, then title, then text; at most eight', () => {
  const all = [
    reply('welcome', 'Hello', 'We can refund it'),
    reply('money-back', 'Refund policy'),
    reply('no-refund', 'Not possible'),
    reply('refund', 'How'),
  ]
  expect(matchReplies(all, 'Refund').map(each => each.shortcut)).toEqual([
    'refund',
    'no-refund',
    'money-back',
    'welcome',
  ])
  expect(matchReplies(all, 'zebra')).toEqual([])
  expect(
    matchReplies(
      Array.from({ length: 500 }, (_, n) => reply(`r${n}`)),
      '',
    ),
  ).toHaveLength(8)
})

describe('variables', () => {
  test('are filled, and what has no value keeps its braces and is named', () => {
    const filled = fillVariables(
      'Hi {visitor.name}, #{ticket.number} on {page.name}: {slot.order} {slot.order}',
      {
        'visitor.name': 'Mia',
        'page.name': '  ',
        'ticket.number': '1042',
      },
    )
    expect(filled).toBe('Hi Mia, #1042 on {page.name}: {slot.order} {slot.order}')
    expect(unfilled(filled)).toEqual(['page.name', 'slot.order'])
  })

  test('what is no variable is text: braces of code, other names, keys of every object', () => {
    const text = '{} {visitor} {constructor} {visitor.email} {slot.} function(){return}'
    expect(fillVariables(text, { constructor: 'x' } as never)).toBe(text)
    expect(unfilled(text)).toEqual([])
  })

  test("a visitor's name is no Markdown of the agent: no link, no emphasis, no new line", () => {
    const filled = fillVariables('Hi {visitor.name}!', {
      'visitor.name': '[click](https://evil.example)\n# **Mia** <b>',
    })
    expect(filled).toBe('Hi \\[click\\](https\\://evil.example) # \\*\\*Mia\\*\\* \\<b\\>!')
  })

  test('a value that looks like a variable is not read as one', () => {
    expect(fillVariables('{visitor.name}', { 'visitor.name': '{agent.name}', 'agent.name': 'Ada' })).toBe(
      '{agent.name}',
    )
  })
})
