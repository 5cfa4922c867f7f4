// The seam of languages: another file of the same shape, and nothing else, makes another language understood; a file
// that holds less reads less, and everything else works.

import { describe, expect, test } from 'vitest'
import type { Flow } from '../../../src/bot/flow'
import { parseFlows } from '../../../src/bot/flowSchema'
import { createTalk } from '../../../src/understanding/followUp'
import { createIntents } from '../../../src/understanding/intents'
import { type Language, loadLanguage, loadToneModel } from '../../../src/understanding/languages/language'
import { createReplies } from '../../../src/understanding/replies'
import { createUnderstand } from '../../../src/understanding/understand'
import { esperanto } from '../../fixtures/esperanto'
import { demoBot, factsOf, shelf, talkTo } from '../bot/scene'

const { flows, problems } = parseFlows(
  {
    id: 'kontrakto',
    title: 'Via kontrakto',
    startsWith: ['mi havas demandon pri mia kontrakto'],
    slots: {
      contract: { label: 'kontrakto', type: 'id', pattern: 'C-\\d+', hint: 'C-1' },
      what: {
        label: 'afero',
        type: 'choice',
        options: [
          { value: 'daurigi', label: 'Plilongigi' },
          { value: 'fini', label: 'Fini' },
        ],
      },
    },
    start: 'contract',
    steps: {
      contract: { ask: 'contract', say: 'Kiu kontrakto?', next: 'what' },
      what: { ask: 'what', say: 'Kion vi volas, pri {contract}?', next: 'solved' },
      solved: { solved: true, say: 'Cu tio helpis?', yes: 'end', no: 'person' },
      end: { say: 'Bone.', end: true },
      person: { handoff: 'kontraktoj', say: 'Iu helpos vin.' },
    },
  },
  'kontrakto.json',
)

function botIn(language: Language | null) {
  return demoBot({
    flows,
    understand: createUnderstand({
      language,
      intents: createIntents(flows.map(({ id, startsWith }: Flow) => ({ name: id, utterances: startsWith }))),
    }),
    talk: language?.talk ? createTalk(language.talk) : null,
    replies: createReplies(language),
  })
}
const facts = factsOf('client')

describe('a second language', () => {
  const understand = createUnderstand({ language: esperanto })
  const read = (text: string) => understand(text, facts)

  test('is one more file: all that is read of words is read of these', () => {
    expect(problems).toEqual([])
    expect(read('Ĉu mi povas paroli kun homo?').wantsPerson).toBe(true)
    expect(read('Mi ne volas homon').wantsPerson).toBe(false)
    expect(read('Kiel mi ŝanĝas la pasvorton?')).toMatchObject({ questionType: 'howto' })
    expect(read('Kie estas mia mono?').questionType).toBe('status')
    expect(read('Terura servo, urgas!').tone).toMatchObject({ frustration: 0.6, urgency: 0.6 })
    expect(read('mi estas en danĝero').tone.distress).toBe(1)
    expect(read('mia karto malsukcesis')).toMatchObject({ policyTopics: ['payment'], category: 'pagoj' })
    expect(read('kiel mia karto malsukcesis').policyTopics).toEqual([])
    // English is another language there.
    expect(read('I was charged twice, give me a human')).toMatchObject({
      wantsPerson: false,
      policyTopics: [],
    })
  })

  test('a flow is gone through with its yes, its no, its places and its corrections', async () => {
    const talk = talkTo(botIn(esperanto), facts)
    await talk.type('mi havas demandon pri mia kontrakto C-1')
    expect(talk.turn.messages.at(-1)?.text).toBe('Kion vi volas, pri C-1?')
    await talk.type('pardonu, C-2')
    expect(talk.turn.messages.at(-1)?.text).toBe('Kion vi volas, pri C-2?')
    await talk.type('la dua')
    expect(talk.state.slots.what).toMatchObject({ option: 'fini' })
    await talk.type('reen')
    expect(talk.turn.messages.at(-1)?.text).toBe('Kion vi volas, pri C-2?')
    await talk.type('la unua')
    await talk.type('ne')
    expect(talk.turn).toMatchObject({ escalate: 'flowHandoff', category: 'kontraktoj' })
  })

  test('small talk, follow-ups and several questions are its own', async () => {
    const words = createTalk(esperanto.talk)
    expect(words.smallTalk('Saluton!')).toBe('hello')
    expect(words.smallTalk('dankon multe')).toBe('thanks')
    expect(
      words.wholeQuestions('kaj per PayPal?', {
        question: 'Kiom longe dauras pago al banko?',
        title: 'Pagoj',
      })[0]?.text,
    ).toContain('PayPal')
    expect(words.questionsOf('Kiel mi pagas? Kiom kostas gi?')).toHaveLength(2)
    const talk = talkTo(botIn(esperanto), facts)
    await talk.type('homo')
    expect(talk.turn.escalate).toBe('askedForPerson')
  })
})

describe('less than a language', () => {
  test.each<[string, Language | null]>([
    ['no pack at all', null],
    ['a pack that says nothing', { locale: 'xx' }],
    ['a pack of replies alone', { locale: 'xx', replies: esperanto.replies }],
  ])('%s: no word is read, and flows, buttons and articles work', async (_, language) => {
    const understand = createUnderstand({ language })
    expect(understand('I was charged twice, give me a human, this is terrible', facts)).toMatchObject({
      questionType: 'statement',
      wantsPerson: false,
      policyTopics: [],
      category: 'general',
      tone: { frustration: 0, urgency: 0, distress: 0, evidence: [] },
    })
    const talk = talkTo(botIn(language), facts)
    await talk.type('mi havas demandon pri mia kontrakto')
    await talk.type('C-1')
    await talk.press('Fini')
    await talk.press('No')
    expect(talk.turn.escalate).toBe('flowHandoff')
    const reader = talkTo(demoBot({ flows: [], search: shelf, replies: createReplies(language) }), facts)
    await reader.type('service fee')
    expect(reader.turn.messages[0]?.source.kind).toBe('article')
  })

  test('a language without a pack is read as English, and without a tone model by its lists', async () => {
    expect((await loadLanguage('xx-YY')).locale).toBe('en')
    expect(await loadToneModel('xx')).toBeNull()
  })
})
