// A stage for conversations with the bot: the demo's flows, a shelf of four passages, and a transcript to compare.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AskletError } from '../../../src/base/errors'
import { createTexts } from '../../../src/base/texts'
import { type AssistantBotOptions, createAssistantBot } from '../../../src/bot/assistantBot'
import {
  type BotInput,
  type BotProvider,
  type BotState,
  type BotTurn,
  EMPTY_BOT_STATE,
  type HostAction,
} from '../../../src/bot/botProvider'
import type { Flow } from '../../../src/bot/flow'
import { parseFlows } from '../../../src/bot/flowSchema'
import type { Article } from '../../../src/knowledge/article'
import type { Facts } from '../../../src/protocol/facts'
import type { Passage } from '../../../src/search/searchProvider'
import { createIntents, type ScoredIntent } from '../../../src/understanding/intents'
import { english as words } from '../../../src/understanding/languages/en'
import { createLinearModel } from '../../../src/understanding/linearModel'
import { contentStems } from '../../../src/understanding/normalise'
import { createReplies } from '../../../src/understanding/replies'
import { trainModel } from '../../../src/understanding/training/trainModel'
import { createUnderstand, type Understand } from '../../../src/understanding/understand'
import { english } from '../../english'

export const HELP = join(import.meta.dirname, '../../../demo/help')
export const texts = createTexts('en', english)

/** The flows of the demo, as its build would read them. */
export const demoFlows: readonly Flow[] = readdirSync(join(HELP, 'flows'))
  .sort()
  .flatMap(file => {
    const { flows, problems } = parseFlows(readFileSync(join(HELP, 'flows', file), 'utf8'), file)
    if (problems.length) throw new Error(`${file}: ${JSON.stringify(problems)}`)
    return flows
  })

export const policyTopics = [
  { topic: 'account-restricted', words: ['account restricted', 'suspended', 'banned', 'restricted'] },
  { topic: 'legal', words: ['lawyer', 'sue you', 'legal action'] },
]

/** Learning takes as long as a hundred turns, and the same flows always give the same intents. */
const learnt = new WeakMap<readonly Flow[], (text: string) => readonly ScoredIntent[]>()

/** The intents of these flows, as a build of a site without articles learns them; learnt once for each list. */
export function intentsOf(flows: readonly Flow[] = demoFlows): (text: string) => readonly ScoredIntent[] {
  const known = learnt.get(flows)
  if (known) return known
  const examples = flows.flatMap(({ id, startsWith }) => startsWith.map(text => ({ text, label: id })))
  const intents = createIntents(
    flows.map(({ id, startsWith }) => ({ name: id, utterances: startsWith })),
    createLinearModel(trainModel(examples, { locale: 'en' }).file),
  )
  learnt.set(flows, intents)
  return intents
}

export function understandDemo(flows: readonly Flow[] = demoFlows): Understand {
  return createUnderstand({
    language: words,
    intents: intentsOf(flows),
    priors: flows.map(({ id, roles, pages }) => ({ name: id, roles, pages })),
    policyTopics,
    categories: [
      { name: 'withdrawals', words: ['withdrawal', 'payout'] },
      { name: 'orders', words: ['order', 'return'] },
    ],
  })
}

export function factsOf(
  role: string | undefined,
  route = '/',
  data: Record<string, string> = {},
  visitor: Partial<Facts['visitor']> = {},
): Facts {
  return {
    page: {
      url: `https://workmere.example${route}`,
      route,
      title: 'Workmere',
      name: route === '/' ? 'Home' : route.slice(1),
      headings: [],
      language: 'en',
      data,
    },
    visitor: { locale: 'en', attributes: {}, ...(role ? { role } : {}), ...visitor },
  }
}

export const passages: readonly Passage[] = [
  {
    articleId: 'payments/service-fees',
    title: 'Service fees',
    headingId: 'what-you-pay',
    headingText: 'What you pay',
    text: 'The service fee for freelancers is 10 % of each payment. It is taken when the money reaches your balance. Clients pay no fee. Invoices show it on a line of its own.',
    score: 0.9,
  },
  {
    articleId: 'withdrawals/withdraw-to-a-bank-account',
    title: 'Withdraw to a bank account',
    text: 'The smallest withdrawal is 20.00 USD. A transfer to a bank account takes 1 to 3 business days.',
    score: 0.8,
  },
  {
    articleId: 'disputes/open-a-payment-dispute',
    title: 'Open a payment dispute',
    text: 'A dispute can be opened within 30 days of the payment. A mediator answers in 3 business days.',
    score: 0.7,
  },
]

/** Finds a passage by any shared word, and scores it by its place on the shelf: no ranking is tested here. */
export const shelf: AssistantBotOptions['search'] = {
  passages: async (question, _facts, limit) => {
    const wanted = contentStems(question)
    return passages
      .filter(({ title, text }) => contentStems(`${title} ${text}`).some(word => wanted.includes(word)))
      .slice(0, limit)
  },
  article: async articleId => {
    if (articleId.startsWith('gone/')) throw new AskletError('article_missing', `${articleId} is not there`)
    return { id: articleId, title: `[${articleId}]` } as Article
  },
}

export function lookup(status: string | Error): Map<string, HostAction> {
  return new Map([
    [
      'lookupWithdrawal',
      {
        label: 'Look up this withdrawal',
        run: async () => {
          if (status instanceof Error) throw status
          return { status }
        },
      },
    ],
  ])
}

export function demoBot(change: Partial<AssistantBotOptions> = {}): BotProvider {
  return createAssistantBot({
    flows: demoFlows,
    search: shelf,
    understand: change.understand ?? understandDemo(change.flows),
    actions: lookup('sent'),
    texts,
    replies: createReplies(words),
    ...change,
  })
}

export interface Talk {
  /** Everything said so far, one line a message; buttons in ( ), open question in < >, escalation after =>. */
  readonly lines: string[]
  state: BotState
  turn: BotTurn
  type(text: string): Promise<BotTurn>
  /** Presses the button with this label; fails when it is not there. */
  press(label: string): Promise<BotTurn>
  consent(granted: boolean): Promise<BotTurn>
  put(input: BotInput): Promise<BotTurn>
}

export function talkTo(bot: BotProvider, facts: Facts, from: BotState = EMPTY_BOT_STATE): Talk {
  const talk: Talk = {
    lines: [],
    state: from,
    turn: { messages: [], choices: [] },
    async put(input) {
      const { turn, state } = await bot.answer(input, talk.state, facts)
      // What survives a reload is all that the next turn gets.
      talk.state = JSON.parse(JSON.stringify(state)) as BotState
      talk.turn = turn
      for (const { text, source } of turn.messages) {
        const name =
          source.kind === 'article'
            ? source.citations.map(({ articleId }) => articleId).join()
            : source.kind === 'flow'
              ? `${source.flowId}/${source.step}`
              : source.kind
        talk.lines.push(`B ${text.replace(/\n/g, ' ')} [${name}]`)
      }
      if (turn.consent)
        talk.lines.push(
          `  may I? ${turn.consent.label}: ${turn.consent.sends.map(({ label, value }) => `${label} ${value}`).join(', ')}`,
        )
      if (turn.expects) talk.lines.push(`  <${turn.expects.label}>`)
      if (turn.choices.length) talk.lines.push(`  (${turn.choices.map(({ label }) => label).join(' | ')})`)
      if (turn.escalate) talk.lines.push(`=> ${turn.escalate}${turn.category ? ` ${turn.category}` : ''}`)
      return turn
    },
    type(text) {
      talk.lines.push(`V ${text}`)
      return talk.put({ kind: 'text', text })
    },
    press(label) {
      talk.lines.push(`V (${label})`)
      const choice = talk.turn.choices.find(other => other.label === label)
      if (!choice)
        throw new Error(
          `No button "${label}", only ${talk.turn.choices.map(other => other.label).join(' | ')}`,
        )
      return talk.put({ kind: 'choice', ...choice })
    },
    consent(granted) {
      talk.lines.push(granted ? 'V (allows it)' : 'V (refuses)')
      return talk.put({ kind: 'consent', granted })
    },
  }
  return talk
}
