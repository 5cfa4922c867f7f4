// The bot that runs in the page. Owns the order in which a turn is tried, and nothing else:
//
//   asks for a person -> the host's rules -> policy topic of the site's words -> open flow -> a flow that fits
//     -> policy topic of the language -> articles -> "I do not know"
//
// Every sentence comes from a flow, an article, the host or the texts; none is made up. It escalates by saying so
// in its turn: what happens then is the conversation's.

import type { Clock } from '../base/environment'
import type { Texts } from '../base/texts'
import type { Article } from '../knowledge/article'
import type { Block } from '../knowledge/contentTree'
import type { Facts } from '../protocol/facts'
import type { EscalationReason } from '../protocol/records'
import type { SearchProvider } from '../search/searchProvider'
import type { Talk } from '../understanding/followUp'
import type { AnswerWords } from '../understanding/languages/language'
import { contentStems, plain } from '../understanding/normalise'
import { NO_REPLIES, type Replies } from '../understanding/replies'
import { soundsAngry } from '../understanding/tone'
import type { Reading, Understand } from '../understanding/understand'
import type {
  AnswerSource,
  BotAnswer,
  BotInput,
  BotProvider,
  BotState,
  BotTurn,
  Choice,
  HostAction,
} from './botProvider'
import type { Flow } from './flow'
import type { FlowEngine, FlowInput, FlowMove } from './flowEngine'
import { type GroundedAnswer, type GroundedReading, groundedAnswer } from './groundedAnswer'
import { isWaiting, way, yesOrNo } from './openQuestion'
import { quotedTree } from './quotedTree'
import { runAction } from './runAction'

/** A rule of the host: its answer, or null to let the others try. */
export interface HostRule {
  /** Shown as the source of what it says. */
  readonly name: string
  answer(question: {
    readonly text: string
    readonly reading: Reading
    readonly facts: Facts
  }): HostAnswer | null | Promise<HostAnswer | null>
}
export interface HostAnswer {
  readonly text: string
  readonly choices?: readonly Choice[]
  /** The rule wants a person. */
  readonly escalate?: boolean
}

export interface AssistantBotOptions {
  readonly flows: readonly Flow[]
  /** Default: its own chunk, fetched when the first flow begins. */
  readonly flowEngine?: () => Promise<FlowEngine>
  readonly search: Pick<SearchProvider, 'passages' | 'article'>
  readonly understand: Understand
  /** Makes follow-ups whole and takes several questions apart; without it each message is one question. */
  readonly talk?: Talk | null
  /** Yes, no, and words that stand for a button, by language; without them only the buttons' own words are heard. */
  readonly replies?: Replies
  /** What sort of thing a question wants, by language: a duration, an amount. */
  readonly sorts?: AnswerWords['sorts'] | undefined
  /** By name. A Map that the host adds to later is fine. */
  readonly actions: { get(name: string): HostAction | undefined }
  readonly texts: Texts
  readonly hostRules?: readonly HostRule[]
  /** Gives up on a host action after 15 s; without it, the host's own patience counts. */
  readonly clock?: Pick<Clock, 'after'>
  /** A rule, an action or the search failed: for the developer. The visitor reads an honest sentence instead. */
  readonly onError?: (error: unknown) => void
}

type Answer = BotAnswer

/** Below this a flow is not begun unasked; see understanding/intents. */
const START_AT = 0.5
/** A question is first looked up in the articles, unless a flow is as likely as this. */
const SURE_AT = 0.75
/** Below this a flow is not even offered. */
const OFFER_AT = 0.25
/** Two flows closer than this: the visitor decides. */
const CLOSE = 0.15
/** To leave a flow for another unasked, in the middle of a question, takes more. */
const SWITCH_AT = 0.75
const MAX_QUESTION_CHARS = 500
const MAX_ANSWERED = 60
/** Of a question that is named in an answer. */
const MAX_NAMED_CHARS = 120
/** Looked at for one answer. */
const PASSAGES = 6
/** An answer's looks wait no longer for a server that has the articles; its words are there. Milliseconds. */
const ARTICLE_WAIT_MS = 1_000
/** Sentences for somebody who is angry, who gets the next step first; steps stay whole. */
const FEW_SENTENCES = 2
/** Of what was said, to know it again. */
const MAX_SAID_CHARS = 120
/** Least confidence of an answer from the very article that was spoken of. */
const NEAR_ANSWER = 0.5
/** Two questions that share this much of their words are one. */
const SAME = 0.6

export function createAssistantBot(options: AssistantBotOptions): BotProvider {
  const {
    flows,
    search,
    understand,
    talk,
    sorts = [],
    replies = NO_REPLIES,
    actions,
    texts,
    hostRules = [],
    onError = () => {},
  } = options
  const { flowEngine = () => import('./flowEngine') } = options
  const flowOf = (id: string | undefined) => flows.find(flow => flow.id === id)
  const asklet: AnswerSource = { kind: 'asklet' }
  const person = way('person', texts)
  const yesNo = (['yes', 'no'] as const).map(id => ({ id, label: texts(`bot.${id}`) }))

  /** A turn of one sentence of our own. */
  const say = (key: string, state: BotState, turn: Partial<BotTurn> = {}): Answer => ({
    turn: { messages: [{ text: texts(key), source: asklet }], choices: [], ...turn },
    state,
  })
  const escalate = (key: string, reason: EscalationReason, state: BotState, category?: string): Answer =>
    say(key, state, { escalate: reason, ...(category ? { category } : {}) })
  const miss = (key: string, state: BotState, reason: EscalationReason = 'notSolvedTwice'): Answer => {
    const { askedBack, ...rest } = state
    // What was asked back for and is not known all the same was a second try.
    const after = { ...rest, misses: state.misses + (askedBack ? 2 : 1) }
    if (after.misses < 2) return say(key, after, { missed: true, choices: [...resumable(after), person] })
    // From the third on it says what of, so as not to say the same again.
    const question = state.asked?.slice(0, MAX_NAMED_CHARS) ?? ''
    return say('bot.unknownAgain', after, {
      missed: true,
      escalate: reason,
      ...(state.misses > 1 && {
        messages: [{ text: texts('bot.partUnknown', { question }), source: asklet }],
      }),
    })
  }
  const resumable = ({ paused }: BotState): readonly Choice[] =>
    paused ? [{ id: 'resume', label: texts('bot.resume', { title: paused.flow.title }) }] : []

  async function run(flow: Flow, state: BotState, input: FlowInput, facts: Facts): Promise<Answer> {
    return settle(flow, await advance(flow, state, input, facts), facts)
  }

  async function advance(flow: Flow, state: BotState, input: FlowInput, facts: Facts): Promise<FlowMove> {
    return (await flowEngine()).advance(flow, state, input, facts, texts, replies)
  }

  /** Runs what a move asks for, names its articles and its action, and leaves a way to a person. */
  async function settle(flow: Flow, first: FlowMove, facts: Facts): Promise<Answer> {
    let move = first
    let said = move.turn.messages
    // The bound is for a flow whose actions lead to each other and whose host lacks them all.
    for (let i = 0; i < 10; i++) {
      const name = move.run?.action ?? move.turn.consent?.action
      if (!name || (!move.run && actions.get(name))) break
      const values = move.run ? await runAction(options, name, move.run.details, facts) : null
      const asking = move.run ? undefined : move.state.flow?.step
      move = await advance(flow, move.state, { kind: 'result', values }, facts)
      said = [...said, ...move.turn.messages]
      // The page lacks the function: who was never asked need not hear that it failed.
      if (asking) said = said.filter(({ source }) => source.kind !== 'flow' || source.step !== asking)
    }
    const { consent, ...turn } = move.turn
    const label = consent && actions.get(consent.action)?.label
    const messages = await Promise.all(said.map(message => nameArticle(message, flow, move.state)))
    const needsWay = turn.missed && !turn.escalate && !turn.choices.some(({ id }) => id === 'person')
    const isOver = !turn.escalate && !isWaiting(flow, move.state)
    return {
      turn: {
        ...turn,
        messages,
        choices: [...turn.choices, ...(isOver ? resumable(move.state) : []), ...(needsWay ? [person] : [])],
        ...(consent && label ? { consent: { ...consent, label } } : {}),
      },
      state: move.state,
    }
  }

  /** A flow names an article by id; one that is gone or not for this visitor is not shown as a source. */
  async function nameArticle(message: BotTurn['messages'][number], flow: Flow, state: BotState) {
    const { source, text } = message
    const citation = source.kind === 'article' ? source.citations[0] : undefined
    if (!citation) return message
    try {
      const { title } = await search.article(citation.articleId)
      return { text, source: { ...source, citations: [{ ...citation, title }] } as AnswerSource }
    } catch (error) {
      onError(error)
      return {
        text,
        source: {
          kind: 'flow',
          flowId: flow.id,
          step: state.flow?.step ?? flow.start,
          title: flow.title,
        } as const,
      }
    }
  }

  function start(flow: Flow, state: BotState, words: string, facts: Facts): Promise<Answer> {
    const { askedBack: _, ...begun } = pause(state)
    return run(flow, begun, { kind: 'start', words }, facts).then(({ turn, state: after }) => ({
      turn,
      state: { ...after, answered: remember(after, `flow:${flow.id}`) },
    }))
  }

  /** Leaves the open flow so that it can be gone on with. */
  function pause(state: BotState): BotState {
    const { flow, trail, tries: _tries, askedSolved: _askedSolved, ...rest } = state
    return isWaiting(flowOf(flow?.id), state) && flow
      ? { ...rest, paused: { flow, trail: trail ?? [] } }
      : rest
  }

  function resume(state: BotState, facts: Facts): Promise<Answer> | Answer {
    const { paused, askedSolved: _, ...rest } = state
    const flow = flowOf(paused?.flow.id)
    if (!paused || !flow) return say('bot.left', rest)
    return run(flow, { ...rest, ...paused, tries: 0 }, { kind: 'resume' }, facts)
  }

  /** Flows that fit, best first; those for other roles are left out. */
  function candidates({ intents }: Reading, { visitor }: Facts) {
    return intents.flatMap(({ name, confidence }) => {
      const flow = flowOf(name)
      const isOthers = visitor.role && flow?.roles.length && !flow.roles.includes(visitor.role)
      return flow && !isOthers ? [{ flow, confidence }] : []
    })
  }

  const buttons = (near: ReturnType<typeof candidates>): readonly Choice[] =>
    near.slice(0, 3).map(({ flow: { id, title } }) => ({ id: `flow:${id}`, label: title }))
  /** Which of these flows? Not asked twice in a row: then it is not known. */
  const offer = (near: ReturnType<typeof candidates>, state: BotState): Answer =>
    state.askedBack
      ? miss('bot.unknown', state)
      : say(
          'bot.which',
          { ...state, askedBack: true },
          { choices: [...buttons(near), { id: 'none', label: texts('bot.none') }, person] },
        )

  interface LookedUp {
    readonly question: string
    readonly found: GroundedAnswer
  }

  /** What the articles say to a question, as it stands or made whole. */
  async function lookUp(text: string, state: BotState, facts: Facts): Promise<LookedUp> {
    const { answered, topic } = state
    let best: LookedUp | undefined
    for (const whole of talk?.wholeQuestions(text, topic) ?? [{ text, isAbout: [] }]) {
      const passages = await search.passages(whole.text, facts, PASSAGES * (whole.points ? 2 : 1))
      // "How big may they be?" is most likely answered where they were spoken of.
      const there = whole.points && passages.filter(({ articleId }) => articleId === topic?.articleId)
      const near = there && groundedAnswer(whole.text, there, { sorts, answerAt: NEAR_ANSWER })
      // The section may be the same, its words may not.
      if (
        near &&
        near.kind === 'answer' &&
        near.text.slice(0, MAX_SAID_CHARS) !== topic?.said &&
        (near.evidence.sort > 0 || speaksOf(near, whole.isAbout))
      )
        return { question: whole.text, found: near }
      const found = groundedAnswer(whole.text, passages, { answered, sorts })
      if (found.kind === 'answer' && speaksOf(found, whole.isAbout)) return { question: whole.text, found }
      // Nothing answers: the first that asks back, or that was said before, is what can be said of it.
      if (found.kind !== 'answer' && (!best || best.found.kind === 'unknown'))
        best = { question: text, found }
    }
    return best ?? { question: text, found: { kind: 'unknown', confidence: 0 } }
  }

  /** An answer from the articles, to each question of a message; null when they hold none. */
  async function fromArticles(
    text: string,
    before: BotState,
    facts: Facts,
    near: ReturnType<typeof candidates> = [],
    isAngry = false,
  ): Promise<Answer | null> {
    const { askedBack, ...rest } = before
    let state: BotState = rest
    const messages: { text: string; source: AnswerSource }[] = []
    const missing: LookedUp[] = []
    let sure = 1
    const parts = talk?.questionsOf(text) ?? [text]
    for (const part of parts) {
      const looked = await lookUp(part, state, facts)
      const { question, found } = looked
      if (found.kind !== 'answer') {
        missing.push({ ...looked, question: part })
        continue
      }
      // Steps and facts first; to somebody who is angry, nothing else.
      messages.push(await quote(found, isAngry, isAngry || messages.length ? '' : texts('bot.found')))
      sure = Math.min(sure, found.confidence)
      state = saidNow(state, question, found)
    }
    const [first] = missing
    if (!messages.length && first) {
      const { found } = first
      if (found.kind === 'repeated') return miss('bot.alreadySaid', state)
      return found.kind === 'readings' && !askedBack && !isAngry && !state.misses
        ? grounded(askBack(found.readings, state), text)
        : null
    }
    return {
      turn: {
        messages: [
          ...messages,
          ...missing.map(({ question }) => ({
            text: texts('bot.partUnknown', { question: question.slice(0, MAX_NAMED_CHARS) }),
            source: asklet,
          })),
          { text: texts('bot.solved'), source: asklet },
        ],
        choices: [
          ...yesNo,
          ...buttons(near),
          ...resumable(state),
          ...(isAngry || missing.length ? [person] : []),
        ],
        confidence: sure,
        grounded: (parts.length === 1 && state.topic?.question) || text,
      },
      state: { ...(missing.length ? withoutAsked(state) : state), askedSolved: true },
    }
  }

  /** What is quoted, also as it stands in its articles, where they can be read soon. */
  async function quote(
    found: Extract<GroundedAnswer, { kind: 'answer' }>,
    isAngry = false,
    lead = '',
  ): Promise<BotTurn['messages'][number]> {
    const { citations } = found
    const { text, sentences } = isAngry ? firstOf(found) : found
    const left = sentences.map(sentence => sentence.text)
    const tree: Block[] = lead ? [{ t: 'p', c: [lead] }] : []
    let undo = () => {}
    try {
      const late = new Promise<readonly Article[]>(done => {
        undo = options.clock?.after(ARTICLE_WAIT_MS, () => done([])) ?? undo
      })
      const articles = Promise.all(citations.map(({ articleId }) => search.article(articleId)))
      for (const [i, { content }] of (await Promise.race([articles, late])).entries())
        tree.push(...quotedTree(content, citations[i]?.headingId, left))
    } catch (error) {
      onError(error)
    } finally {
      undo()
    }
    return {
      text: lead ? `${lead}\n${text}` : text,
      source: { kind: 'article', citations, ...(!left.length && { tree }) },
    }
  }

  /** Which of these is meant? */
  function askBack(readings: readonly GroundedReading[], state: BotState): Answer {
    return say(
      'bot.which',
      { ...state, askedBack: true },
      {
        choices: [
          ...readings.map(({ label, articleId, headingId }) => ({
            id: `read:${articleId}${headingId ? `#${headingId}` : ''}`,
            label,
          })),
          { id: 'none', label: texts('bot.none') },
          person,
        ],
      },
    )
  }

  /** The reading that the visitor chose: what its section says, whatever it is called. */
  async function fromReading(target: string, label: string, state: BotState, facts: Facts): Promise<Answer> {
    const [articleId, headingId] = target.split('#')
    const passages = await search.passages(`${label} ${state.asked ?? ''}`, facts, PASSAGES * 2)
    const here = passages.filter(each => each.articleId === articleId && each.headingId === headingId)
    const found = groundedAnswer(label, here, { answered: state.answered, sorts, answerAt: 0 })
    if (found.kind !== 'answer') return miss('bot.unknown', state)
    const { askedBack: _, ...rest } = state
    return {
      turn: {
        messages: [await quote(found), { text: texts('bot.solved'), source: asklet }],
        choices: [...yesNo, ...resumable(state)],
      },
      state: { ...saidNow(rest, label, found), askedSolved: true },
    }
  }

  /** Articles were the second best thing here: without them the flow answers. */
  const unread = (error: unknown): null => {
    onError(error)
    return null
  }

  async function articlesOrNot(
    text: string,
    state: BotState,
    facts: Facts,
    otherwise: () => Answer,
    isAngry = false,
  ): Promise<Answer> {
    try {
      const [whole] = talk?.wholeQuestions(text, state.topic) ?? []
      return (
        (await fromArticles(text, state, facts, [], isAngry)) ??
        grounded(otherwise(), whole?.points ? whole.text : text)
      )
    } catch (error) {
      // "I do not know" would be untrue: the articles were not asked.
      onError(error)
      return miss('search.failed', state)
    }
  }

  async function fromText(text: string, before: BotState, facts: Facts): Promise<Answer> {
    const reading = understand(text, facts)
    const asked = text.slice(0, MAX_QUESTION_CHARS)
    // Numbers that no flow has asked for yet; an open one judges itself whether a second number is a correction.
    const slots = before.flow ? { ...reading.slots, ...before.slots } : { ...before.slots, ...reading.slots }
    let state: BotState = { ...before, question: before.question ?? asked, slots }
    const isAngry = soundsAngry(reading.tone)
    if (reading.wantsPerson) return escalate('bot.offerPerson', 'askedForPerson', state, reading.category)

    for (const rule of hostRules) {
      try {
        const answer = await rule.answer({ text, reading, facts })
        if (!answer) continue
        return {
          turn: {
            messages: [{ text: answer.text, source: { kind: 'site', name: rule.name } }],
            choices: answer.choices ?? [],
            ...(answer.escalate ? { escalate: 'policyTopic', category: reading.category } : {}),
          },
          state,
        }
      } catch (error) {
        onError(error)
      }
    }

    const open = flowOf(state.flow?.id)
    const likely = candidates(reading, facts)
    const [best] = likely
    const { policyTopics } = reading
    const topic = open?.policyTopic && policyTopics.includes(open.policyTopic) ? undefined : policyTopics[0]
    const isListed = reading.policySigns?.[0]?.isListed !== false
    const forPerson = (from: BotState) => {
      const key = `bot.policy.${topic}`
      const category = isListed ? topic : reading.category
      return escalate(texts(key) === key ? 'bot.policy' : key, 'policyTopic', from, category)
    }
    if (topic !== undefined) {
      const flow = flows.find(({ policyTopic }) => policyTopic && policyTopics.includes(policyTopic))
      if (flow) return start(flow, state, text, facts)
      // Words of the site's own list are no matter of likeness: no flow goes before them.
      if (isListed) return forPerson(state)
    }

    if (isWaiting(open, state)) {
      const move = await advance(open, state, { kind: 'text', text }, facts)
      if (!move.misunderstood) return settle(open, move, facts)
      // Not an answer to what the flow asks. None of it? Another need, plainly said? A question in between?
      if (yesOrNo({ kind: 'text', text }, texts, replies) === false) return miss('bot.sorry', pause(state))
      const [other] = likely
      if (other && other.flow !== open && other.confidence >= SWITCH_AT)
        return start(other.flow, state, text, facts)
      if (topic !== undefined) return forPerson(pause(state))
      if (reading.questionType !== 'statement' || text.includes('?')) {
        const aside = await fromArticles(text, pause(state), facts).catch(unread)
        if (aside && !aside.turn.missed) return aside
      }
      return settle(open, move, facts)
    }

    // A detail of a flow that is over may still be wrong.
    if (open && state.flow) {
      const move = await advance(open, state, { kind: 'text', text }, facts)
      if (!move.misunderstood) return settle(open, move, facts)
    }
    const { askedSolved, ...rest } = state
    if (askedSolved) {
      const answer = yesOrNo({ kind: 'text', text }, texts, replies)
      if (answer !== undefined) return solved(answer, rest)
    }
    const small = talk?.smallTalk(text)
    if (small) return small === 'hello' ? say('bot.hello', rest) : say('bot.glad', { ...rest, misses: 0 })
    if (rest.misses && yesOrNo({ kind: 'text', text }, texts, replies) === false)
      return miss('bot.sorry', rest)
    // A flow collects what a person will need; without one nothing is answered, articles included.
    if (topic !== undefined)
      return best && best.confidence >= START_AT
        ? start(best.flow, { ...rest, asked }, text, facts)
        : forPerson(pause(rest))
    if (rest.asked && rest.topic && isSame(text, rest.asked)) return miss('bot.alreadySaid', rest)
    // On to something else without a word: what was said will have done.
    state = { ...pause(rest), asked, ...(askedSolved && { misses: 0 }) }
    if (talk && rest.topic && talk.wholeQuestions(text, rest.topic)[0]?.points) {
      const more = await fromArticles(text, state, facts, [], isAngry).catch(unread)
      if (more && !more.turn.missed) return more
    }
    const near = best
      ? likely.filter(({ confidence }) => confidence >= OFFER_AT && best.confidence - confidence < CLOSE)
      : []
    // "My withdrawal is still missing" tells of trouble: that is for the flow that mends it.
    const isQuestion = text.includes('?') || !['statement', 'why', 'status'].includes(reading.questionType)
    if (best && best.confidence >= START_AT) {
      // "How long does a withdrawal take?" is like "where is my withdrawal", but asks for no help with one.
      const known =
        isQuestion && best.confidence < SURE_AT
          ? await fromArticles(text, state, facts, near, isAngry).catch(unread)
          : null
      if (known && !known.turn.missed) return known
      return near.length > 1 ? offer(near, state) : start(best.flow, state, text, facts)
    }
    if (!contentStems(text).length) return say('bot.more', state, { choices: [...resumable(state), person] })
    return articlesOrNot(
      text,
      state,
      facts,
      () => (near.length ? offer(near, state) : miss('bot.unknown', state)),
      isAngry,
    )
  }

  function solved(wasSolved: boolean, { askedSolved: _, ...state }: BotState): Answer {
    if (!wasSolved) return miss('bot.sorry', state)
    return say('bot.glad', { ...state, misses: 0 }, { choices: resumable(state) })
  }

  async function fromChoice(
    input: Extract<BotInput, { kind: 'choice' }>,
    state: BotState,
    facts: Facts,
  ): Promise<Answer> {
    const { id, label } = input
    if (id === 'person') return escalate('bot.offerPerson', 'askedForPerson', state)
    if (id === 'resume') return resume(state, facts)
    const open = flowOf(state.flow?.id)
    // A flow that has handed over can be gone back into, too.
    if (id === 'back' && open && state.trail?.length) return run(open, state, { kind: 'back' }, facts)
    if (id === 'back' || id === 'stop') {
      const left = pause(state)
      return say('bot.left', left, { choices: resumable(left) })
    }
    const chosen = id.startsWith('flow:') ? flowOf(id.slice(5)) : undefined
    if (chosen) return start(chosen, state, state.asked ?? '', facts)
    if (isWaiting(open, state)) return run(open, state, input, facts)
    if (state.askedSolved && (id === 'yes' || id === 'no')) return solved(id === 'yes', state)
    if (id.startsWith('read:')) return fromReading(id.slice(5), label, state, facts)
    if (id === 'none') {
      const { askedBack: _, ...rest } = state
      return articlesOrNot(state.asked ?? '', state, facts, () => miss('bot.unknown', rest))
    }
    // A button of a host's rule, or one that a reload outlived: what it says is what the visitor says.
    return fromText(label, state, facts)
  }

  /** Words that are a button, in the language of the texts, or in plain words of the visitor's. */
  function asChoice(text: string, state: BotState): Choice | undefined {
    const words = plain(text).replace(/[.!]+$/, '')
    const button = replies.button(text)
    const is = (id: 'back' | 'stop' | 'resume', values?: Record<string, string>) =>
      button === id || words === plain(texts(`bot.${id}`, values))
    if (is('back')) return way('back', texts)
    if (isWaiting(flowOf(state.flow?.id), state) && is('stop')) return way('stop', texts)
    if (state.paused && is('resume', { title: state.paused.flow.title })) return resumable(state)[0]
    const named = flows.find(({ title }) => plain(title) === words)
    return named ? { id: `flow:${named.id}`, label: named.title } : undefined
  }

  async function answer(input: BotInput, state: BotState, facts: Facts): Promise<Answer> {
    switch (input.kind) {
      case 'text': {
        const choice = asChoice(input.text, state)
        return choice
          ? fromChoice({ kind: 'choice', ...choice }, state, facts)
          : fromText(input.text, state, facts)
      }
      case 'choice':
        return fromChoice(input, state, facts)
      case 'consent': {
        const open = flowOf(state.flow?.id)
        return isWaiting(open, state) ? run(open, state, input, facts) : say('bot.left', state)
      }
      default: {
        const { turn, state: after } = miss('bot.articleNoHelp', state, 'articleDidNotHelp')
        const text = texts('bot.articleNoHelp', { title: input.title })
        return {
          turn: turn.escalate ? turn : { ...turn, messages: [{ text, source: asklet }] },
          state: { ...after, question: after.question ?? input.title.slice(0, MAX_QUESTION_CHARS) },
        }
      }
    }
  }

  return {
    async answer(input, state, facts) {
      try {
        return await answer(input, state, facts)
      } catch (error) {
        // The engine's chunk did not come, or we have a bug: the state is as it was, so the same words may be tried again.
        onError(error)
        return say('chat.failed', state, { missed: true, choices: [person] })
      }
    },
  }
}

const grounded = ({ turn, state }: Answer, question: string): Answer => ({
  turn: { ...turn, grounded: question },
  state,
})

/** What was answered in part may be asked again in the same words. */
function withoutAsked({ asked: _, ...state }: BotState): BotState {
  return state
}

function remember({ answered }: BotState, ...keys: readonly string[]): readonly string[] {
  return [...answered.filter(key => !keys.includes(key)), ...keys].slice(-MAX_ANSWERED)
}

/** After an answer from the articles: it is not given again, and what follows may lean on it. */
function saidNow(
  state: BotState,
  question: string,
  { keys, text, citations }: Extract<GroundedAnswer, { kind: 'answer' }>,
): BotState {
  const { title = '', articleId = '' } = citations[0] ?? {}
  return {
    ...state,
    answered: remember(state, ...keys),
    topic: {
      question: question.slice(0, MAX_QUESTION_CHARS),
      title,
      articleId,
      said: text.slice(0, MAX_SAID_CHARS),
    },
  }
}

/** Does an answer hold any of what is new in the question? */
function speaksOf(found: Extract<GroundedAnswer, { kind: 'answer' }>, isAbout: readonly string[]): boolean {
  const said = contentStems(
    [found.text, ...found.citations.map(({ title, headingId }) => `${title} ${headingId ?? ''}`)].join(' '),
  )
  return isAbout.filter(stem => said.includes(stem)).length * 2 >= isAbout.length
}

/** The first sentences of an answer; steps stay whole. */
function firstOf(
  found: Extract<GroundedAnswer, { kind: 'answer' }>,
): Pick<typeof found, 'text' | 'sentences'> {
  if (found.isSteps) return found
  const sentences = found.sentences.slice(0, FEW_SENTENCES)
  return { sentences, text: sentences.map(({ text }) => text).join(' ') }
}

/** Do two messages ask the same, in much the same words? */
function isSame(one: string, other: string): boolean {
  const [a, b] = [new Set(contentStems(one)), new Set(contentStems(other))]
  const both = [...a].filter(stem => b.has(stem)).length
  return both > 1 && both / (a.size + b.size - both) >= SAME
}
