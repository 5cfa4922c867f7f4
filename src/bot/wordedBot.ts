// A bot whose answers from articles a language model words, where the site has one. Around the bot of the page, which
// is always asked first: what a person, a rule, a policy or a flow is for never gets here, and what the articles say in
// their own words is what the visitor gets where the model has nothing better. Owns what of a model's answer becomes
// a turn; what may be said at all is decided in `remoteAnswer`.

import type { Clock } from '../base/environment'
import type { Texts } from '../base/texts'
import type { AnswerSentence, ListedAction } from '../protocol/answer'
import type { Facts } from '../protocol/facts'
import type { Citation } from '../protocol/records'
import { NO_REPLIES, type Replies } from '../understanding/replies'
import type {
  AnswerSource,
  BotAnswer,
  BotInput,
  BotProvider,
  BotState,
  BotTurn,
  Choice,
  HostAction,
  Interim,
} from './botProvider'
import { way, yesOrNo } from './openQuestion'
import type { Proposal, RemoteAnswer } from './remoteAnswer'
import { runAction } from './runAction'

export interface WordedBotOptions {
  /** Asked first; says by `grounded` what the model may word. */
  readonly bot: BotProvider
  readonly remote: RemoteAnswer
  /** What the site lists for the model, by name. */
  readonly listed: Readonly<Record<string, ListedAction>>
  /** What the page has registered, by name. */
  readonly actions: { get(name: string): HostAction | undefined }
  readonly texts: Texts
  /** How short replies are read, in the visitor's language. */
  readonly replies?: Replies
  /** What results of the site's own functions are said to come from. */
  readonly siteName: string
  readonly clock?: Pick<Clock, 'after'>
  readonly onError?: (error: unknown) => void
  /** The model's answer did not come, and why: for the developer. */
  readonly onFailed?: (why: string) => void
}

const MAX_QUESTION_CHARS = 500
const MAX_SAID_CHARS = 120
/** Of an answer to what the articles' own search found nothing for: it does not calm an angry visitor. */
const UNSURE = 0.5
/** Of what a function of the site found, where the site gives no sentence for it. */
const MAX_VALUES = 8
const MAX_VALUE_CHARS = 200

export function createWordedBot(options: WordedBotOptions): BotProvider {
  const { bot, remote, listed, actions, texts, replies = NO_REPLIES, siteName, onFailed } = options
  const asklet: AnswerSource = { kind: 'asklet' }
  const again: Choice = { id: 'again', label: texts('retry') }
  const solved = { text: texts('bot.solved'), source: asklet }
  const yesNo = (['yes', 'no'] as const).map(id => ({ id, label: texts(`bot.${id}`) }))
  const say = (key: string) => [{ text: texts(key), source: asklet }]

  async function word(
    found: BotAnswer,
    before: BotState,
    input: BotInput,
    facts: Facts,
    interim: Interim | undefined,
  ): Promise<BotAnswer> {
    // An abort that is over is heard by no listener: nobody waits for a model.
    if (interim?.signal.aborted) return found
    const { grounded: question = '', missed } = found.turn
    // To be asked again: in the visitor's own words, because all rules hold then, too.
    const unfinished = (input.kind === 'text' ? input.text : question).slice(0, MAX_QUESTION_CHARS)
    /** As before the question: it may be put in the same words again without being told that it was answered. */
    const unanswered = ({ asked: _, askedSolved: __, ...state }: BotState): BotState => ({
      ...state,
      ...(found.state.question && { question: found.state.question }),
      answered: before.answered,
      unfinished,
    })
    const sentences: AnswerSentence[] = []
    const left = (): BotAnswer => ({
      turn: {
        messages: sentences.length ? [messageOf(sentences, 'stopped')] : say('model.stopped'),
        choices: [again],
      },
      state: unanswered(before),
    })

    const run = remote.ask({
      text: question,
      facts,
      actions: offered(),
      fallback: () => found,
      onSentence(sentence) {
        sentences.push(sentence)
        interim?.show([messageOf(sentences, 'whole')], left())
      },
    })
    interim?.show([], left())
    interim?.signal.addEventListener('abort', run.stop, { once: true })
    const turn = await run.turn
    interim?.signal.removeEventListener('abort', run.stop)

    const isFound = found.turn.messages.some(({ source }) => source.kind === 'article')
    const { askedBack: _, ...own } = found.state
    // What the articles would have said has not been said.
    const base: BotState = { ...own, answered: before.answered, ...(!isFound && { misses: before.misses }) }
    const { resumes, rest } = choicesOf(found.turn)
    switch (turn.kind) {
      case 'answered': {
        const { proposal, isWhole } = turn
        if (proposal) return proposed(proposal, turn.sentences, base)
        const state = { ...base, topic: topicOf(question, turn.sentences) }
        return isWhole
          ? {
              turn: {
                messages: [messageOf(turn.sentences, 'whole'), solved],
                choices: [...yesNo, ...rest, ...resumes],
                confidence: found.turn.confidence ?? UNSURE,
              },
              state: { ...state, askedSolved: true },
            }
          : {
              turn: { messages: [messageOf(turn.sentences, 'cut')], choices: [again, ...resumes] },
              state: unanswered(state),
            }
      }
      case 'unknown':
        return isFound ? unknown(before, base, resumes) : found
      case 'stopped':
        return left()
      default: {
        if (turn.why === 'withheld') return found
        onFailed?.(turn.why)
        if (!missed || found.turn.escalate) return found
        const { turn: known } = found
        return {
          turn: { ...known, messages: say('model.failed'), choices: [again, ...known.choices] },
          state: unanswered(found.state),
        }
      }
    }
  }

  const isAgain = (input: BotInput) =>
    input.kind === 'text'
      ? input.text.trim().toLowerCase() === again.label.toLowerCase()
      : input.kind === 'choice' && input.id === again.id

  /** What the site lists and this page can run. */
  const offered = () => new Map(Object.entries(listed).filter(([name]) => actions.get(name)))

  /** As the bot of the page says it: again, then of what; what was asked back for was a second try. */
  function unknown(before: BotState, own: BotState, resumes: readonly Choice[]): BotAnswer {
    const { topic: _, askedSolved: __, ...rest } = own
    const misses = before.misses + (before.askedBack ? 2 : 1)
    const state = { ...rest, ...(before.topic && { topic: before.topic }), misses }
    const question = own.asked?.slice(0, MAX_SAID_CHARS) ?? ''
    const turn: BotTurn =
      misses < 2
        ? { messages: say('bot.unknown'), choices: [...resumes, way('person', texts)] }
        : {
            messages:
              before.misses > 1
                ? [{ text: texts('bot.partUnknown', { question }), source: asklet }]
                : say('bot.unknownAgain'),
            choices: [],
            escalate: 'notSolvedTwice',
          }
    return { turn: { ...turn, missed: true }, state }
  }

  function proposed(
    { action, details, sends }: Proposal,
    sentences: readonly AnswerSentence[],
    { askedSolved: _, ...state }: BotState,
  ): BotAnswer {
    const label = actions.get(action)?.label ?? action
    return {
      turn: {
        messages: sentences.length ? [messageOf(sentences, 'whole')] : say('model.proposes'),
        choices: [],
        consent: { action, label, sends },
      },
      state: { ...state, proposed: { action, details } },
    }
  }

  async function consented(
    granted: boolean,
    { action, details }: NonNullable<BotState['proposed']>,
    state: BotState,
    facts: Facts,
  ): Promise<BotAnswer> {
    if (!granted) return { turn: { messages: say('bot.left'), choices: [] }, state }
    const values = await runAction(options, action, details, facts)
    const person = way('person', texts)
    if (!values)
      return { turn: { messages: say('bot.actionFailed'), choices: [person], missed: true }, state }
    const text = resultOf(listed[action]?.says, { ...details, ...values }, values) || texts('model.done')
    return {
      turn: { messages: [{ text, source: { kind: 'site', name: siteName } }, solved], choices: yesNo },
      state: { ...state, askedSolved: true },
    }
  }

  return {
    async answer(input, { unfinished, proposed: proposal, ...state }, facts, interim) {
      const isAllowed = input.kind === 'consent' ? input.granted : yesOrNo(input, texts, replies)
      if (proposal && isAllowed !== undefined) return consented(isAllowed, proposal, state, facts)
      const question: BotInput = unfinished && isAgain(input) ? { kind: 'text', text: unfinished } : input
      const found = await bot.answer(question, state, facts, interim)
      const { grounded } = found.turn
      return grounded === undefined ? found : word(found, state, question, facts, interim)
    },
  }
}

/** Whole sentences; a paragraph for each article, in the order of the sources below. "…" says that more was to come. */
function messageOf(
  sentences: readonly AnswerSentence[],
  model: 'whole' | 'stopped' | 'cut',
): BotTurn['messages'][number] {
  const citations: Citation[] = []
  let text = ''
  let last = ''
  for (const { text: sentence, citation } of sentences) {
    const { articleId } = citation
    text += text && (last === articleId ? ' ' : '\n') + sentence
    text ||= sentence
    last = articleId
    // Two buttons with one title say less than one.
    if (!citations.some(known => known.articleId === articleId)) citations.push(citation)
  }
  return { text: model === 'whole' ? text : `${text}\u00a0…`, source: { kind: 'article', citations, model } }
}

function topicOf(question: string, sentences: readonly AnswerSentence[]): NonNullable<BotState['topic']> {
  const { title = '', articleId = '' } = sentences[0]?.citation ?? {}
  const said = sentences
    .map(({ text }) => text)
    .join(' ')
    .slice(0, MAX_SAID_CHARS)
  return { question: question.slice(0, MAX_QUESTION_CHARS), title, articleId, said }
}

/** Of the buttons under the articles' own answer: flows that fit, and a person for who is angry, stay. */
function choicesOf({ choices, missed }: BotTurn) {
  return {
    resumes: choices.filter(({ id }) => id === 'resume'),
    rest: choices.filter(({ id }) => id.startsWith('flow:') || (id === 'person' && !missed)),
  }
}

/** In the site's sentence for it, if that has all its places filled; else what was found, a line each. */
function resultOf(
  says: string | undefined,
  known: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): string {
  const short = (value: unknown) => String(value).slice(0, MAX_VALUE_CHARS)
  const filled = says?.replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(known, name) ? short(known[name]) : place,
  )
  if (filled && !/\{\w+\}/.test(filled)) return filled
  return Object.entries(values)
    .slice(0, MAX_VALUES)
    .map(([name, value]) => `${name}: ${short(value)}`)
    .join('\n')
}
