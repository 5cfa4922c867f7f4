// What the author of a flow reads about a mistake: exact sentences, because they are the product.

import { describe, expect, test } from 'vitest'
import type { Flow } from '../../../src/bot/flow'
import { lintFlow } from '../../../src/bot/flowLint'
import { flowError, parseFlows } from '../../../src/bot/flowSchema'
import { flowValues } from '../../../src/bot/flowValues'

const base = {
  id: 'late-order',
  title: 'A late order',
  startsWith: ['my order is late'],
  slots: { order: { label: 'order number', type: 'id', pattern: 'O-\\d+' } },
}
const sound = {
  ...base,
  steps: { ask: { say: 'Which order?', ask: 'order', next: 'person' }, person: { handoff: 'orders' } },
}
const sentences = (json: unknown) => parseFlows(json, 'late.json').problems.map(p => flowError(p).message)
const lint = (change: object, around = {}) => {
  const { flows, problems } = parseFlows({ ...base, ...change }, 'late.json')
  expect(problems).toEqual([])
  return lintFlow(flows[0] as Flow, { file: 'late.json', ...around }).map(p => flowError(p).message)
}

describe('the shape', () => {
  test('a sound flow has no problems; one text is a list of one', () => {
    const { flows, problems } = parseFlows(sound, 'late.json')
    expect(problems).toEqual([])
    expect(flows[0]).toMatchObject({ start: 'ask', roles: [], steps: { ask: { say: ['Which order?'] } } })
  })

  test('a file is one flow or a list, as text or parsed', () => {
    expect(parseFlows(JSON.stringify([sound, { ...sound, id: 'b' }]), 'f').flows.map(f => f.id)).toEqual([
      'late-order',
      'b',
    ])
    expect(sentences([sound, sound])).toEqual([
      'Asklet [flow_shape]: late.json: [1].id must be its own, got "late-order". Give each flow another id.',
    ])
  })

  test('a file that is not JSON is named, not thrown', () => {
    const [problem] = parseFlows('{"id": }', 'late.json').problems
    expect(problem).toMatchObject({ code: 'flow_shape', what: 'must be JSON', file: 'late.json' })
  })

  test.each([
    [null, 'late.json must be an object, got null. A flow has id, title, startsWith and steps.'],
    [{ ...sound, title: '' }, 'late.json: title must be a text, got "". Write 1 to 1000 characters.'],
    [
      { ...sound, startsWith: [] },
      'late.json: startsWith must hold example sentences, got an array of 0. Write 3 or more in people’s own words; 10 are a good start.',
    ],
    [
      { ...sound, steps: {} },
      'late.json: steps must hold at least one step, got an object. The first one in the file is where it begins.',
    ],
    [
      { ...sound, slots: { order: { label: 'order', type: 'order' } } },
      'late.json: slots.order.type must be a known type, got "order". One of text, number, money, date, email, id, choice.',
    ],
    [
      { ...sound, slots: { order: { label: 'order', type: 'id', pattern: '(' } } },
      'late.json: slots.order.pattern must be a regular expression, got "(". C-\\\\d{3,8} is one, with two backslashes in JSON.',
    ],
    [
      { ...sound, slots: { order: { label: 'order', type: 'id', pattern: 'x*' } } },
      'late.json: slots.order.pattern must not match an empty text, got "x*". Ask for at least one digit or letter.',
    ],
    [
      { ...sound, slots: { order: { label: 'order', type: 'text', from: ['cookie.order'] } } },
      'late.json: slots.order.from[0] must be a known fact, got "cookie.order". visitor.email, visitor.name, visitor.role, page.<name> or attributes.<name>.',
    ],
    [
      {
        ...sound,
        slots: { order: { label: 'order', type: 'choice', options: [{ value: 'a', label: 'A' }] } },
      },
      'late.json: slots.order.options must hold two options or more, got an array of 1. Each is { "value": "late", "label": "It is late" }.',
    ],
    [
      { ...sound, steps: { a: { ask: 'order', next: 'b' }, b: { handoff: 'x' } } },
      'late.json: steps.a.say must hold the question, got undefined. Say what you ask for, and why.',
    ],
    [
      { ...sound, steps: { a: { say: 'Hi', ask: 'order', handoff: 'x', next: 'a' } } },
      'late.json: steps.a must do one thing, got "ask and handoff". Make two steps of it, one leading to the other.',
    ],
    [
      { ...sound, steps: { a: {} } },
      'late.json: steps.a must do something, got an object. Give it say, ask, branch, action, article, solved, handoff, end.',
    ],
  ])('%# names file, path, what, got and fix', (json, sentence) => {
    expect(sentences(json)).toEqual([`Asklet [flow_shape]: ${sentence}`])
  })

  test('a name that every object has is no step: __proto__ is refused, constructor is not inherited', () => {
    const json = `{"id":"f","title":"F","startsWith":["f"],"steps":{"__proto__":{"handoff":"x"},"a":{"say":"Hi","next":"constructor"}}}`
    const { problems } = parseFlows(json, 'f.json')
    expect(problems.map(p => `${p.path} ${p.what}`)).toEqual(['steps.__proto__ must be a name'])
    expect(lint({ steps: { a: { say: 'Hi', next: 'constructor' }, b: { handoff: 'x' } } })[0]).toContain(
      'steps.a.next must name a step of this flow, got "constructor"',
    )
  })
})

describe('the sense', () => {
  test('a sound flow passes', () => {
    expect(lint({ steps: sound.steps })).toEqual([])
  })

  test('a step that leads nowhere is a dead end', () => {
    expect(lint({ steps: { a: { say: 'Hello' }, b: { handoff: 'x' } } })).toEqual([
      'Asklet [flow_dead_end]: late.json: steps.a must ask, go on, end or hand off, got "nothing after its words". Add next, end or handoff.',
      'Asklet [flow_unknown_step]: late.json: steps.b must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
      'Asklet [flow_dead_end]: late.json: steps must have a road to a person, got "no handoff that can be reached". Add a step with handoff, and lead to it where the flow does not help.',
    ])
  })

  test('unknown steps, slots, actions, articles and places are named', () => {
    const steps = {
      a: { say: 'Hi {nobody}', ask: 'thing', next: 'b' },
      b: {
        action: 'fly',
        sends: ['speed'],
        saves: { height: 'h' },
        next: 'c',
        failed: 'e',
        refused: 'nowhere',
      },
      c: { say: 'Read this', article: 'no/such#part', next: 'e' },
      e: { handoff: 'x' },
    }
    expect(lint({ steps }, { actions: ['lookup'], articles: new Map([['a/b', new Set<string>()]]) })).toEqual(
      [
        'Asklet [flow_unknown_step]: late.json: steps.a.say must fill its places from slots, got "{nobody}". Add the slot, or use one of {page.name}, {visitor.name}, {visitor.role}.',
        'Asklet [flow_unknown_step]: late.json: steps.a.ask must name a slot of this flow, got "thing". Add it under slots.',
        'Asklet [flow_unknown_step]: late.json: steps.b.refused must name a step of this flow, got "nowhere". Add that step.',
        'Asklet [flow_unknown_step]: late.json: steps.b.sends must name a slot of this flow, got "speed". Add it under slots.',
        'Asklet [flow_unknown_step]: late.json: steps.b.saves must name a slot of this flow, got "height". Add it under slots.',
        'Asklet [flow_unknown_step]: late.json: steps.b.action must name an action of the host, got "fly". Register it with registerAction, and name it in --actions.',
        'Asklet [flow_unknown_step]: late.json: steps.c.article must name an article, got "no/such#part". Check its id.',
      ],
    )
  })

  test('an ask does not break a circle: the second time its slot is known', () => {
    const steps = {
      a: { say: 'Which order?', ask: 'order', next: 'b' },
      b: { branch: [{ when: { role: ['client'] }, next: 'a' }], next: 'c' },
      c: { handoff: 'x' },
    }
    expect(lint({ steps })).toEqual([
      'Asklet [flow_dead_end]: late.json: steps.a must not come round without a word from the visitor, got "a -> b -> a". Put solved, action or an ask with "again": true into the circle.',
    ])
    expect(lint({ steps: { ...steps, a: { ...steps.a, again: true } } })).toEqual([])
  })

  test('a branch compares with options that exist', () => {
    const slots = {
      kind: {
        label: 'kind',
        type: 'choice',
        options: [
          { value: 'a', label: 'A' },
          { value: 'b', label: 'B' },
        ],
      },
    }
    const steps = {
      s: { branch: [{ when: { slot: { kind: ['c', '*'] } }, next: 'p' }], next: 'p' },
      p: { handoff: 'x' },
    }
    expect(lint({ slots, steps })).toEqual([
      'Asklet [flow_shape]: late.json: steps.s.branch[0].when.slot.kind must compare with one of the options, got "c". They are a, b.',
    ])
  })
})

describe('what can be known at a step', () => {
  const kind = {
    label: 'kind',
    type: 'choice',
    options: ['a', 'b', 'c'].map(value => ({ value, label: value.toUpperCase() })),
  }
  const values = (steps: object, change: object = {}) => {
    const { flows, problems } = parseFlows({ ...base, slots: { kind }, ...change, steps }, 'f.json')
    expect(problems).toEqual([])
    return flowValues(flows[0] as Flow)
  }
  const ask = { say: 'Which?', ask: 'kind', next: 'sort' }
  const when = (...options: string[]) => ({ slot: { kind: options } })

  test('two branches together may leave nothing for a third, and nothing for those behind it', () => {
    const branch = [
      { when: when('a'), next: 'p' },
      { when: when('B', 'c'), next: 'p' },
      { when: when('c'), next: 'p' },
      { when: { role: ['client'] }, next: 'p' },
    ]
    const { neverTaken } = values({ ask, sort: { branch, next: 'p' }, p: { handoff: 'x' } })
    expect(neverTaken.map(({ branch: i }) => i)).toEqual([2, 3])
  })

  test('what may be chosen again on the way is not ruled out', () => {
    const steps = {
      ask,
      sort: { branch: [{ when: when('a'), next: 'more' }], next: 'p' },
      more: { say: 'And now?', ask: 'kind', again: true, next: 'later' },
      later: { branch: [{ when: when('b'), next: 'p' }], next: 'p' },
      p: { handoff: 'x' },
    }
    expect(values(steps).neverTaken).toEqual([])
    expect(
      values({ ...steps, more: { say: 'Well.', next: 'later' } }).neverTaken.map(({ step }) => step),
    ).toEqual(['later'])
  })

  test('a role that the flow is not for takes no branch, but where the site’s policy leads in', () => {
    const steps = {
      sort: { branch: [{ when: { role: ['client'] }, next: 'p' }], next: 'p' },
      p: { handoff: 'x' },
    }
    expect(values(steps, { roles: ['seller'] }).neverTaken.length).toBe(1)
    expect(values(steps, { roles: ['seller'], policyTopic: 'legal' }).neverTaken).toEqual([])
  })

  test('a question behind "it is known" never comes; behind its else it does', () => {
    const steps = (known: string, unknown: string) => ({
      first: { branch: [{ when: when('*'), next: known }], next: unknown },
      ask: { ...ask, next: 'p' },
      p: { handoff: 'x' },
    })
    expect(values(steps('p', 'ask')).neverAsked).toEqual([])
    expect(values(steps('ask', 'p')).neverAsked).toEqual(['ask'])
  })
})
