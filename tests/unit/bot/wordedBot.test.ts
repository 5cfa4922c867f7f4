// What becomes of a model's answer: turns that name their source, a way on from each ending, and nothing for the model
// where a person, a rule, a policy or a flow is meant.

import { describe, expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import {
  type BotAnswer,
  type BotInput,
  type BotProvider,
  type BotState,
  type BotTurn,
  EMPTY_BOT_STATE,
  type HostAction,
} from '../../../src/bot/botProvider'
import type { AnswerRun, Question, RemoteAnswer, RemoteTurn } from '../../../src/bot/remoteAnswer'
import { createWordedBot } from '../../../src/bot/wordedBot'
import type { AnswerSentence, ListedAction } from '../../../src/protocol/answer'
import { english as language } from '../../../src/understanding/languages/en'
import { createReplies } from '../../../src/understanding/replies'
import { english } from '../../english'
import { demoBot, factsOf } from './scene'

const texts = createTexts('en', english)
const QUESTION = 'how high is the service fee?'
const NOWHERE = 'what is the capital of France?'
const sentence = (text: string, articleId = 'payments/service-fees', headingId?: string): AnswerSentence => ({
  type: 'sentence',
  text,
  span: text,
  citation: { articleId, title: `[${articleId}]`, ...(headingId && { headingId }) },
})
const FEE = sentence('The service fee for freelancers is 10 % of each payment.', undefined, 'what-you-pay')
const FREE = sentence('Clients pay no fee.')
const DAYS = sentence('A transfer to a bank account takes 1 to 3 business days.', 'withdrawals/bank')

type Ending = RemoteTurn<unknown> | { readonly kind: 'extract'; readonly why: string }
interface Change {
  readonly bot?: BotProvider
  readonly listed?: Readonly<Record<string, ListedAction>>
  readonly actions?: Map<string, HostAction>
}

/** A conversation over the demo's bot, with a model that says `sentences` and ends as the test wants. */
function scene(change: Change = {}) {
  const asked: Question<unknown>[] = []
  const failed: string[] = []
  const shown: { readonly texts: readonly string[]; readonly left: BotAnswer }[] = []
  let script: { sentences: readonly AnswerSentence[]; end: Ending | 'never' } = {
    sentences: [],
    end: { kind: 'unknown' },
  }
  let stops = 0
  const remote = {
    ask(question: Question<unknown>): AnswerRun<unknown> {
      asked.push(question)
      const { sentences, end } = script
      let stop = () => {}
      const turn = (async (): Promise<RemoteTurn<unknown>> => {
        await null
        for (const each of sentences) question.onSentence?.(each)
        if (end === 'never')
          await new Promise<void>(done => {
            stop = done
          })
        if (end === 'never') return { kind: 'stopped', sentences }
        return end.kind === 'extract' && !('answer' in end)
          ? { ...end, answer: await question.fallback() }
          : (end as RemoteTurn<unknown>)
      })()
      return {
        turn,
        stop() {
          stops++
          stop()
        },
      }
    },
  } as RemoteAnswer
  const actions = change.actions ?? new Map()
  const bot = createWordedBot({
    bot: change.bot ?? demoBot({ actions }),
    remote,
    listed: change.listed ?? {},
    actions,
    texts,
    replies: createReplies(language),
    siteName: 'Workmere',
    onFailed: why => failed.push(why),
  })
  let abort = new AbortController()
  let state: BotState = EMPTY_BOT_STATE
  let turn: BotTurn = { messages: [], choices: [] }
  return {
    asked,
    failed,
    shown,
    abort: () => abort.abort(),
    stops: () => stops,
    state: () => state,
    turn: () => turn,
    says: () => turn.messages.map(({ text }) => text),
    ids: () => turn.choices.map(({ id }) => id),
    model(sentences: readonly AnswerSentence[], end: Ending | 'never' | 'whole' | 'cut') {
      script = {
        sentences,
        end:
          end === 'whole' || end === 'cut' ? { kind: 'answered', sentences, isWhole: end === 'whole' } : end,
      }
    },
    async put(input: BotInput, role = 'client'): Promise<void> {
      abort = new AbortController()
      const answer = await bot.answer(input, state, factsOf(role), {
        signal: abort.signal,
        show: (messages, left) =>
          shown.push({ texts: messages.map(({ text }) => text), left: structuredClone(left) }),
      })
      ;({ turn, state } = answer)
    },
    type(text: string) {
      return this.put({ kind: 'text', text })
    },
    press(id: string) {
      return this.put({ kind: 'choice', id, label: id })
    },
  }
}

describe('an answer', () => {
  test('that was ended while the articles were searched is not asked of the model', async () => {
    let found = () => {}
    const search = new Promise<void>(done => {
      found = done
    })
    const own = demoBot()
    const talk = scene({
      bot: { answer: async (...given) => search.then(() => own.answer(...given)) },
    })
    talk.model([FEE], 'whole')
    const put = talk.type(QUESTION)
    talk.abort()
    found()
    await put
    expect([talk.asked, talk.shown]).toEqual([[], []])
  })

  test('[B2] in the model’s words names them as such and its articles, once each; then it is asked whether it helped', async () => {
    const talk = scene()
    talk.model([FEE, FREE, DAYS], 'whole')
    await talk.type(QUESTION)
    expect(talk.turn().messages).toEqual([
      {
        text: `${FEE.text} ${FREE.text}\n${DAYS.text}`,
        source: { kind: 'article', citations: [FEE.citation, DAYS.citation], model: 'whole' },
      },
      { text: english['bot.solved'], source: { kind: 'asklet' } },
    ])
    expect(talk.ids().slice(0, 2)).toEqual(['yes', 'no'])
    talk.model([], { kind: 'unknown' })
    await talk.press('yes')
    expect(talk.says()).toEqual([english['bot.glad']])
    expect(talk.asked).toHaveLength(1)
  })

  test('[B6] grows sentence by sentence; what would be left of it says at each moment that it is not whole', async () => {
    const talk = scene()
    talk.model([FEE, FREE], 'whole')
    await talk.type(QUESTION)
    expect(talk.shown.map(each => each.texts)).toEqual([[], [FEE.text], [`${FEE.text} ${FREE.text}`]])
    const left = talk.shown.map(each => each.left.turn)
    expect(left.map(({ messages }) => messages[0]?.text)).toEqual([
      english['model.stopped'],
      `${FEE.text}\u00a0…`,
      `${FEE.text} ${FREE.text}\u00a0…`,
    ])
    expect(left.flatMap(({ choices }) => choices.map(({ id }) => id))).toEqual(['again', 'again', 'again'])
    expect(left[1]?.messages[0]?.source).toMatchObject({ model: 'stopped' })
  })

  test('to what the articles’ own search found nothing for: no miss is counted, and it is not called sure', async () => {
    const talk = scene()
    talk.model([FEE], 'whole')
    await talk.type(NOWHERE)
    expect([talk.turn().missed, talk.state().misses, talk.turn().confidence]).toEqual([undefined, 0, 0.5])
    expect(talk.ids()).not.toContain('person')
  })

  test('is what the next question leans on', async () => {
    const talk = scene()
    talk.model([DAYS], 'whole')
    await talk.type('how long does a transfer to a bank account take?')
    expect(talk.state().topic).toMatchObject({ articleId: 'withdrawals/bank', said: DAYS.text })
  })
})

describe('what never gets to the model', () => {
  test.each([
    ['a person', 'let me talk to a real person'],
    ['a policy', 'My lawyer will write to you'],
    ['guided help', 'my payout W-7731 is late'],
    ['thanks', 'thank you'],
  ])('%s', async (_, words) => {
    const talk = scene()
    talk.model([FEE], 'whole')
    await talk.put({ kind: 'text', text: words }, 'freelancer')
    expect([talk.asked.length, talk.shown.length]).toEqual([0, 0])
  })

  test('a rule of the host', async () => {
    const rule = { name: 'Status', answer: () => ({ text: 'All is well.' }) }
    const talk = scene({ bot: demoBot({ hostRules: [rule] }) })
    await talk.type(QUESTION)
    expect([talk.says(), talk.asked.length]).toEqual([['All is well.'], 0])
  })

  test('words that ask for a person behind “Try again”, too', async () => {
    const talk = scene()
    talk.model([FEE], 'cut')
    await talk.type(QUESTION)
    await talk.type('an agent please')
    expect([talk.turn().escalate, talk.asked.length]).toEqual(['askedForPerson', 1])
  })
})

describe('another try', () => {
  test('after an answer that broke off: it stays as it is, and the same question is put again', async () => {
    const talk = scene()
    talk.model([FEE], 'cut')
    await talk.type(QUESTION)
    expect(talk.turn()).toMatchObject({
      messages: [{ text: `${FEE.text}\u00a0…`, source: { kind: 'article', model: 'cut' } }],
      choices: [{ id: 'again', label: 'Try again' }],
    })
    talk.model([FEE, FREE], 'cut')
    await talk.press('again')
    talk.model([FEE, FREE], 'whole')
    await talk.type('try again')
    expect(talk.asked.map(({ text }) => text)).toEqual([QUESTION, QUESTION, QUESTION])
    expect(talk.says()[0]).toBe(`${FEE.text} ${FREE.text}`)
  })

  test('in the same words: nobody is told that it was answered before', async () => {
    const talk = scene()
    talk.model([FEE], 'cut')
    await talk.type(QUESTION)
    talk.model([FEE, FREE], 'whole')
    await talk.type(QUESTION)
    expect(talk.says()[0]).toBe(`${FEE.text} ${FREE.text}`)
  })

  test('after a stop, with what a reload kept of it', async () => {
    const talk = scene()
    talk.model([FEE], 'never')
    const put = talk.type(QUESTION)
    await expect.poll(() => talk.shown.length).toBe(2)
    talk.abort()
    await put
    expect([talk.stops(), talk.turn()]).toEqual([1, talk.shown[1]?.left.turn])
    talk.model([FEE], 'whole')
    await talk.press('again')
    expect(talk.says()[0]).toBe(FEE.text)
  })

  test('is a button that means nothing once something else was said', async () => {
    const talk = scene()
    talk.model([FEE], 'cut')
    await talk.type(QUESTION)
    await talk.type('thank you')
    expect(talk.state().unfinished).toBeUndefined()
    await talk.press('again')
    expect(talk.asked.map(({ text }) => text)).toEqual([QUESTION, 'again'])
  })
})

describe('where the model has nothing', () => {
  test.each(['HTTP 503', 'no reply', 'failed', 'withheld'])(
    '%s: what the articles say in their own words, as if there were no model',
    async why => {
      const talk = scene()
      talk.model([], { kind: 'extract', why })
      await talk.type(QUESTION)
      const plain = await demoBot().answer(
        { kind: 'text', text: QUESTION },
        EMPTY_BOT_STATE,
        factsOf('client'),
      )
      expect([talk.turn(), talk.state()]).toEqual([plain.turn, plain.state])
      expect(talk.failed).toEqual(why === 'withheld' ? [] : [why])
    },
  )

  test('and the articles neither: a failure is said as one and can be tried again; the second time a person is offered', async () => {
    const talk = scene()
    talk.model([], { kind: 'extract', why: 'no reply' })
    await talk.type(NOWHERE)
    expect([talk.says(), talk.ids(), talk.turn().missed]).toEqual([
      [english['model.failed']],
      ['again', 'person'],
      true,
    ])
    await talk.press('again')
    expect([talk.turn().escalate, talk.says()]).toEqual(['notSolvedTwice', [english['bot.unknownAgain']]])
  })

  test('it says that the articles do not hold it: then it is not known, and the second time a person is offered', async () => {
    const talk = scene()
    await talk.type(QUESTION)
    expect([talk.says(), talk.ids(), talk.turn().missed]).toEqual([
      [english['bot.unknown']],
      ['person'],
      true,
    ])
    await talk.type('when is the service fee taken from a payment?')
    expect([talk.turn().escalate, talk.state().misses]).toEqual(['notSolvedTwice', 2])
    await talk.type('what share is the fee for freelancers?')
    expect(talk.says()).toEqual([
      'On “what share is the fee for freelancers?” the help articles say nothing that I could find.',
    ])
  })
})

test('what the articles would have said, and the model did not let be said, is not “already told”', async () => {
  const talk = scene()
  await talk.type(QUESTION)
  talk.model([], { kind: 'extract', why: 'no reply' })
  await talk.type('when is the service fee taken from a payment?')
  expect(talk.says()[0]).toContain('It is taken when the money reaches your balance.')
})

describe('[A4] a proposal', () => {
  const ran: unknown[] = []
  const lookup = (found: Awaited<ReturnType<HostAction['run']>> | Error) =>
    new Map<string, HostAction>([
      [
        'lookup',
        {
          label: 'Look it up',
          run: async details => {
            ran.push(details)
            if (found instanceof Error) throw found
            return found
          },
        },
      ],
    ])
  const listed = { lookup: { does: 'Looks it up', says: 'No. {number} is {status}.' }, other: { does: 'x' } }
  const proposal = {
    action: 'lookup',
    details: { number: 'W-1' },
    sends: [{ label: 'Number', value: 'W-1' }],
  }
  async function proposed(found: Parameters<typeof lookup>[0] = { status: 'late' }, sentences = [FEE]) {
    ran.splice(0)
    const talk = scene({ actions: lookup(found), listed })
    talk.model(sentences, { kind: 'answered', sentences, isWhole: true, proposal })
    await talk.type(QUESTION)
    talk.model([], { kind: 'unknown' })
    return talk
  }

  test('is a question with what would be sent; only what the page has registered is offered to the model', async () => {
    const talk = await proposed()
    expect([...(talk.asked[0]?.actions ?? [])]).toEqual([['lookup', listed.lookup]])
    expect(talk.turn().consent).toEqual({ action: 'lookup', label: 'Look it up', sends: proposal.sends })
    expect([talk.says(), ran]).toEqual([[FEE.text], []])
    expect((await proposed(undefined, [])).says()).toEqual([english['model.proposes']])
  })

  test.each([
    ['pressed', { kind: 'consent', granted: true }],
    ['typed', { kind: 'text', text: 'yes please' }],
  ] as const)('a yes that is %s runs it, and the site’s sentence tells what it found', async (_, yes) => {
    const talk = await proposed()
    await talk.put(yes)
    expect(ran).toEqual([{ number: 'W-1' }])
    expect(talk.turn().messages[0]).toEqual({
      text: 'No. W-1 is late.',
      source: { kind: 'site', name: 'Workmere' },
    })
  })

  test('without a sentence, or with a place that nothing fills, what was found is listed', async () => {
    const talk = await proposed({ place: 'Berlin', days: 3 })
    await talk.put({ kind: 'consent', granted: true })
    expect(talk.says()[0]).toBe('place: Berlin\ndays: 3')
  })

  test('a no, or something else, runs nothing, and a later yes neither', async () => {
    for (const input of [
      { kind: 'consent', granted: false },
      { kind: 'text', text: 'thank you' },
    ] as const) {
      const talk = await proposed()
      await talk.put(input)
      await talk.put({ kind: 'consent', granted: true })
      expect(ran).toEqual([])
    }
  })

  test('one that fails changes nothing and says so, with a way to a person', async () => {
    const talk = await proposed(new Error('down'))
    await talk.put({ kind: 'consent', granted: true })
    expect([talk.says(), talk.ids(), talk.turn().missed]).toEqual([
      [english['bot.actionFailed']],
      ['person'],
      true,
    ])
  })
})
