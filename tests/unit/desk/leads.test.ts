import { signal } from '@preact/signals-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDetailsModel } from '../../../src/desk/detailsModel'
import { formOf, type HoursForm, hoursOf, WEEKDAYS } from '../../../src/desk/hoursForm'
import { createPeopleModel } from '../../../src/desk/peopleModel'
import { createRepliesModel } from '../../../src/desk/repliesModel'
import { createSettingsModel } from '../../../src/desk/settingsModel'
import { neighbourOf, placeOf, SHORTCUTS, shortcutOf } from '../../../src/desk/shortcuts'
import {
  createSuggestionsModel,
  type HelpQuestion,
  helpFrom,
  quotationOf,
} from '../../../src/desk/suggestionsModel'
import { DESK_TEXTS } from '../../../src/desk/texts'
import { hoursProblem } from '../../../src/server/hours'
import { ADA, GRACE } from './scene'
import { scriptLine } from './scriptedLine'

const form = (days: Partial<HoursForm['days']>, more: Partial<HoursForm> = {}): HoursForm => {
  const empty = formOf(null, 'Europe/Berlin')
  return { ...empty, ...more, days: { ...empty.days, ...days } }
}

describe('hours as they are typed', () => {
  test('become what the server takes, and back', () => {
    const { hours } = hoursOf(
      form(
        { mon: '9-12, 13:00–17:30', tue: ' 00:00-24:00 ', sat: '' },
        { closedOn: '2026-12-25\n2026-12-24 2026-12-25' },
      ),
    )
    expect(hours).toEqual({
      zone: 'Europe/Berlin',
      week: {
        mon: [
          ['09:00', '12:00'],
          ['13:00', '17:30'],
        ],
        tue: [['00:00', '24:00']],
      },
      closedOn: ['2026-12-24', '2026-12-25'],
    })
    expect(hours && hoursProblem(hours)).toBeNull()
    expect(hours && hoursOf(formOf(hours, 'x')).hours).toEqual(hours)
  })

  test.each([
    [{ mon: 'nine to five' }, {}, 'mon', 'noSpan'],
    [{ mon: '25:00-26:00' }, {}, 'mon', 'noSpan'],
    [{ fri: '17:00-09:00' }, {}, 'fri', 'backwards'],
    [{ fri: '22:00-22:00' }, {}, 'fri', 'backwards'],
    [{ sun: '09:00-12:00, 11:00-13:00' }, {}, 'sun', 'overlap'],
    [{}, { zone: 'Mars/Olympus' }, 'zone', 'zoneUnknown'],
    [{}, { zone: '' }, 'zone', 'zoneUnknown'],
    [{}, { closedOn: '2026-02-30' }, 'closedOn', 'noDate'],
    [{}, { closedOn: 'Christmas' }, 'closedOn', 'noDate'],
  ] as const)('%j %j is told at its field', (days, more, field, problem) => {
    const { hours, problems } = hoursOf(form(days, more))
    expect(hours).toBeUndefined()
    expect(problems).toMatchObject({ [field]: { problem } })
    expect(DESK_TEXTS[`hours.${problem}`]).toBeTypeOf('string')
  })

  test('whatever is typed, what is taken is what the server takes', () => {
    const typed = fc.array(fc.constantFrom('0', '9', '1', '2', ':', '-', ',', ' ', '24:00', '09:00-', '17'), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(typed, parts => {
        const { hours } = hoursOf(form({ wed: parts.join('') }))
        if (hours) expect(hoursProblem(hours)).toBeNull()
      }),
    )
  })
})

describe('what leads set', () => {
  test('hours are saved against the revision that was edited, and a colleague who was faster is told', async () => {
    let revision = 3
    const settings = () => ({
      hours: null,
      hoursAreOwn: true,
      hoursRevision: revision,
      categories: [],
      labels: [],
      teams: [],
    })
    const { line, asked, settle } = scriptLine({
      settings: () => ({ settings: settings() }),
      saveHours: ({ expected }) =>
        expected === revision
          ? { revision: ++revision }
          : { ok: false, code: 'stale_assignment', retry: false },
    })
    const model = createSettingsModel(line)
    await settle()
    expect(await model.saveHours('file', 2)).toBe('changed')
    expect(await model.saveHours(null, 3)).toBe('done')
    expect(model.settings.value?.hoursRevision).toBe(4)
    expect(asked('saveHours').at(-1)).toMatchObject({ hours: null, expected: 3 })
  })

  test('of a ready answer that a colleague changed meanwhile, theirs is at hand, and nothing was put in its place', async () => {
    const theirs = {
      replyId: 'r1',
      revision: 2,
      shortcut: 'refund',
      title: 'Refund',
      text: 'Theirs',
      editedBy: GRACE,
      editedAt: 1,
    }
    const { line, settle } = scriptLine({
      replies: () => ({ replies: [theirs, { odd: true }] }),
      saveReply: ({ shortcut }) => ({
        ok: false,
        code: shortcut === 'taken' ? 'key_reused' : 'stale_assignment',
        retry: false,
      }),
    })
    const model = createRepliesModel(line)
    await settle()
    const mine = { replyId: 'r1', shortcut: 'refund', title: 'Refund', text: 'Mine' }
    expect(await model.save(mine, 1)).toBe('changed')
    expect(model.replies.value).toEqual([theirs])
    expect(await model.save({ ...mine, shortcut: 'taken' }, 1)).toBe('shortcutTaken')
  })

  test('who is a lead is what the server says of this agent; one that says nothing makes nobody a lead', async () => {
    const person = { role: 'lead', teams: [], state: 'here', live: 0 } as const
    const { line, push, settle } = scriptLine({ people: () => ({ people: [{ ...ADA, ...person }] }) })
    const model = createPeopleModel(line)
    await settle()
    expect(model.isLead.value).toBe(true)
    expect(model.colleagues.value).toEqual([])
    push('deskChanged', { what: 'people' })
    await settle(1_000)
    const old = createPeopleModel(scriptLine({}).line)
    await settle()
    expect([old.people.value, old.isLead.value]).toEqual([null, false])
  })
})

test('a priority is set for the open conversation', async () => {
  const { line, openId, asked, settle } = scriptLine({ setPriority: () => ({}) })
  const model = createDetailsModel(line)
  expect(await model.setPriority('high')).toBe('done')
  expect(asked('setPriority')).toEqual([])
  openId.value = 'conversation-1'
  await settle()
  expect(await model.setPriority('high')).toBe('done')
  expect(asked('setPriority')).toMatchObject([{ conversationId: 'conversation-1', priority: 'high' }])
})

describe('shortcuts', () => {
  const press = (key: string, more: object = {}) => ({
    key,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    isComposing: false,
    ...more,
  })

  test('while somebody writes none fires that writes or moves the caret on any platform', () => {
    for (const key of ['j', 'k', 'r', '?']) expect(shortcutOf(press(key), 'text')).toBeNull()
    // Option with an arrow walks through paragraphs, Option with N is how ñ begins.
    for (const key of ['ArrowDown', 'ArrowUp', 'Dead', 'n', '˜'])
      expect(shortcutOf(press(key, { altKey: true, code: 'KeyN' }), 'text')).toBeNull()
    expect(shortcutOf(press('PageDown', { altKey: true }), 'text')).toBe('nextMine')
    expect(shortcutOf(press('PageUp', { altKey: true }), 'page')).toBe('previousMine')
    expect(shortcutOf(press('PageUp'), 'text')).toBeNull()
    expect(shortcutOf(press('F2'), 'text')).toBe('switchMode')
    expect(shortcutOf(press('j'), 'page')).toBe('nextMine')
    expect(shortcutOf(press('?', { shiftKey: true }), 'page')).toBe('help')
  })

  test('a list that is chosen from has all its keys', () => {
    for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp'])
      expect(shortcutOf(press(key, { altKey: true }), 'choice')).toBeNull()
    for (const key of ['j', '?', 'F2']) expect(shortcutOf(press(key), 'choice')).toBeNull()
    const inside = (...names: string[]) => ({
      closest: ((selector: string) => names.find(name => selector.includes(name)) ?? null) as never,
    })
    expect(placeOf(inside('input', 'role="combobox"'))).toBe('choice')
    expect(placeOf(inside('select'))).toBe('choice')
    expect(placeOf(inside('textarea'))).toBe('text')
    expect(placeOf(inside('button'))).toBe('page')
    expect(placeOf(null)).toBe('page')
  })

  test('letters alone can be switched off; what no word holds goes on', () => {
    for (const key of ['j', 'k', 'r', '?']) expect(shortcutOf(press(key), 'page', false)).toBeNull()
    expect(shortcutOf(press('F2'), 'page', false)).toBe('switchMode')
    expect(shortcutOf(press('PageDown', { altKey: true }), 'page', false)).toBe('nextMine')
  })

  test("the browser's own keys and half-composed words are left alone", () => {
    for (const more of [{ ctrlKey: true }, { metaKey: true }, { isComposing: true }, { shiftKey: true }])
      for (const key of ['j', 'k', 'r', 'n', 'ArrowDown', 'PageDown', 'F2'])
        expect(shortcutOf(press(key, more), 'page')).toBeNull()
  })

  test('lead round and round through mine, and every one is explained', () => {
    expect(neighbourOf(['a', 'b'], 'a', 1)).toBe('b')
    expect(neighbourOf(['a', 'b'], 'b', 1)).toBe('a')
    expect(neighbourOf(['a', 'b'], 'a', -1)).toBe('b')
    expect(neighbourOf(['a', 'b'], 'elsewhere', 1)).toBe('a')
    expect(neighbourOf([], 'a', 1)).toBeNull()
    for (const { name } of SHORTCUTS) expect(DESK_TEXTS[`keys.${name}`]).toBeTypeOf('string')
    for (const day of WEEKDAYS) expect(DESK_TEXTS[`day.${day}`]).toBeTypeOf('string')
  })
})

describe('what the help says to the last words', () => {
  const passage = (articleId: string, text: string) => ({ articleId, title: articleId, text, score: 1 })
  const article = (articleId: string, summary: string) =>
    ({ kind: 'article', articleId, title: articleId, summary, reasons: [{ kind: 'recent' }] }) as never
  const facts = {} as HelpQuestion['facts']

  test('three articles at most, each once, by their best passage, with why they are found', () => {
    const found = helpFrom(
      [passage('a', 'A1'), passage('a', 'A2'), passage('b', 'B')],
      [article('a', 'x'), article('c', 'C'), article('d', 'D')],
    )
    expect(found.map(each => [each.citation.articleId, each.text, each.reasons[0]?.kind])).toEqual([
      ['a', 'A1', 'recent'],
      ['b', 'B', 'words'],
      ['c', 'C', 'recent'],
    ])
  })

  test('is asked for the last of several short messages, and a late answer to words before comes to nothing', async () => {
    const { env, settle } = scriptLine({})
    const asked: string[] = []
    const question = signal<HelpQuestion | null>(null)
    const model = createSuggestionsModel({
      after: env.after,
      question,
      search: {
        suggest: async () => [],
        passages: async words => {
          asked.push(words)
          return [passage(words, words)]
        },
      },
    })
    question.value = { words: 'Hi', facts }
    question.value = { words: 'Where is my money?', facts }
    await settle(1_000)
    expect(asked).toEqual(['Where is my money?'])
    expect(model.suggestions.value).toMatchObject([{ text: 'Where is my money?' }])
    question.value = null
    expect(model.suggestions.value).toEqual([])
  })

  test('is quiet where the server has no help, and asks it no more', async () => {
    const { env, settle } = scriptLine({})
    let asked = 0
    const question = signal<HelpQuestion | null>({ words: 'first', facts })
    const missing = async () => {
      asked++
      throw Object.assign(new Error('none'), { code: 'index_missing' })
    }
    const model = createSuggestionsModel({
      after: env.after,
      question,
      search: { suggest: missing, passages: missing },
    })
    await settle(1_000)
    question.value = { words: 'second', facts }
    await settle(1_000)
    expect(asked).toBe(2)
    expect(model.suggestions.value).toEqual([])
  })

  test('a quotation is whole sentences, and says nothing but words', () => {
    expect(quotationOf('Payouts take 3.5 days.\nThen they arrive! <b>[x](javascript:1)</b>')).toBe(
      '> Payouts take 3.5 days. Then they arrive! \\<b\\>\\[x\\](javascript:1)\\</b\\>',
    )
    const long = quotationOf(`${'word '.repeat(50)}. ${'more '.repeat(50)}.`)
    expect(long.length).toBeLessThan(300)
    expect(quotationOf('x'.repeat(2_000)).length).toBeLessThan(300)
  })
})
