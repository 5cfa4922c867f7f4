// `asklet questions`: what people ask, a section at a time. A language model of the author's writes drafts into the
// files of questions beside the articles; or, with --check, what these files lack and claim twice.
// Runs on the author's machine and never at a visitor's: the model sees articles, and nothing of it is built in.

import { join } from 'node:path'
import type { Clock } from '../base/environment'
import { createEnvironment } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { ModelFailed } from '../server/answersModel'
import { readArguments, usageError } from './arguments'
import { type AskedSection, readAskedSections, sectionName } from './askedSections'
import { sameQuestion } from './likeQuestions'
import { MODEL_KEY_VARIABLE, MODEL_OPTIONS, modelArguments } from './modelArguments'
import type { Output } from './output'
import { createPatientModel, type PatientModel } from './patientModel'
import { isEnough, questionCheck } from './questionCheck'
import { draftPrompt, draftsOf, type LeftOut } from './questionDrafts'
import { readQuestionFile, withQuestions, writeQuestionFile } from './questionFile'
import { readFolder, readLocale } from './siteArguments'

const USAGE = 'asklet questions <folder> --model-url https://…/v1 --model <name> | --check [--strict]'
const HELP = [
  USAGE,
  '',
  '  For each section that has too few, a language model writes what people ask that the section answers, into',
  '  <article>.questions.txt. It only adds. A run that was cut goes on where it stopped. Read what it wrote before',
  '  you build: what does not belong to its section, take out.',
  '',
  '  --model-url, --model      base address of any OpenAI-compatible API (https://…/v1; http on this machine), and the',
  '                            name of a model there. Titles, roles and texts of articles are sent to it',
  '  --model-parameters        more for its requests, as JSON: {"temperature": 1}',
  '  --per-section <number>    so many a section, default 20; sections with three quarters of it are left as they are',
  '  --only <article>          an article, or a pattern: payments/*, **/refunds. May be repeated',
  '  --private                 private articles, too: without it they are never sent',
  '  --concurrency <number>    so many calls at once, default 2',
  '  --dry-run                 say which sections would be asked for; call nobody, write nothing',
  '  --locale <tag>            language of articles that name none, default en',
  '',
  '  --check                   no model: sections with few questions or none, and questions that two sections claim,',
  '                            each with file and line. Exit code 1 for mistakes that keep a question out of a build',
  '  --strict                  with --check: exit code 1 for whatever it finds',
  '  --all                     with --check: print all of it, not the first ten of a kind',
  '',
  `${MODEL_KEY_VARIABLE}            the key of the language model, where it needs one`,
]
const OPTIONS = {
  help: { type: 'boolean' },
  ...MODEL_OPTIONS,
  'per-section': { type: 'string', default: '20' },
  only: { type: 'string', multiple: true },
  private: { type: 'boolean' },
  concurrency: { type: 'string', default: '2' },
  'dry-run': { type: 'boolean' },
  locale: { type: 'string', default: 'en' },
  check: { type: 'boolean' },
  strict: { type: 'boolean' },
  all: { type: 'boolean' },
} as const

/** More would be read by nobody. */
const MAX_PER_SECTION = 100
const MAX_CONCURRENCY = 16
/** Where so many sections fail one after the other, the next one would, too. */
const MAX_FAILED_IN_TURN = 5

/** @param clock  replaced in tests */
export async function run(
  args: string[],
  out: Output,
  clock: Pick<Clock, 'after'> = createEnvironment(),
): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, USAGE)
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const folder = readFolder(positionals, USAGE)
  const perSection = wholeNumber(values['per-section'], '--per-section', MAX_PER_SECTION)
  const concurrency = wholeNumber(values.concurrency, '--concurrency', MAX_CONCURRENCY)
  const locale = readLocale(values.locale, USAGE)
  if ((values.strict || values.all) && !values.check)
    throw usageError('--strict and --all stand with --check', USAGE)
  const isModelNamed = values['model-url'] !== undefined || values.model !== undefined
  if (values.check && (isModelNamed || values['dry-run']))
    throw usageError('--check asks no model: it stands without --model-url, --model and --dry-run', USAGE)
  const model = modelArguments(values, USAGE)
  if (!values.check && !values['dry-run'] && !model)
    throw usageError(
      `--model-url and --model must both say which language model writes, got ${isModelNamed ? 'one of them' : 'neither'}. Without a model --check says what is missing`,
      USAGE,
    )

  const help = readAskedSections(folder, locale)
  const wanted = help.asked.filter(isOneOf(values.only ?? []))
  if (!wanted.length && values.only)
    throw usageError(
      `--only must name an article with words like payments/add-a-card, got ${values.only.map(describe).join(', ')}`,
      USAGE,
    )
  for (const { file, line, sentence } of help.mistakes) out.error(`${file}:${line}: ${sentence}`)
  if (values.check) {
    const { lines, isClean } = questionCheck(help.asked, {
      wanted,
      perSection,
      mistakes: help.mistakes.length,
      all: values.all === true,
    })
    for (const line of lines) out.line(line)
    return help.mistakes.length || (values.strict && !isClean) ? 1 : 0
  }
  const lacking = wanted.filter(({ questions }) => !isEnough(questions.length, perSection))
  const mayBeSent = ({ article }: AskedSection) => values.private || article.access === 'public'
  const sent = lacking.filter(mayBeSent)
  // What only private articles name is not to be told either.
  const roles = [...new Set(help.asked.filter(mayBeSent).flatMap(({ article }) => article.roles))].sort()
  const held = lacking.length - sent.length
  if (held)
    out.line(
      `Not sent, because their articles are private: ${held} ${held === 1 ? 'section' : 'sections'}. --private sends them to the model.`,
    )
  if (!model || values['dry-run']) {
    for (const one of sent) out.line(`${sectionName(one)}: ${perSection - one.questions.length} wanted`)
    const characters = sent.reduce(
      (sum, one) =>
        sum +
        draftPrompt(one, roles, perSection - one.questions.length).reduce(
          (n, { content }) => n + content.length,
          0,
        ),
      0,
    )
    out.line('')
    out.line(`sections: ${sent.length}`)
    out.line(`questions-wanted: ${sent.reduce((sum, one) => sum + perSection - one.questions.length, 0)}`)
    out.line(`characters-to-send: ${characters}`)
    return 0
  }
  const asker = askerFor(model, clock, out)
  const stop = new AbortController()
  const interrupted = () => stop.abort(new AskletError('network', 'stopped. Call it again to go on.'))
  process.once('SIGINT', interrupted)
  try {
    return await writeDrafts(
      { folder, asked: help.asked, sent, roles, perSection, concurrency, asker, stop },
      out,
    )
  } finally {
    process.off('SIGINT', interrupted)
  }
}

interface Drafting {
  readonly folder: string
  /** All sections that are there. */
  readonly asked: readonly AskedSection[]
  /** Those that the model is asked for. */
  readonly sent: readonly AskedSection[]
  readonly roles: readonly string[]
  readonly perSection: number
  readonly concurrency: number
  readonly asker: PatientModel
  readonly stop: AbortController
}

async function writeDrafts(
  { folder, asked, sent, roles, perSection, concurrency, asker, stop }: Drafting,
  out: Output,
): Promise<number> {
  /** Of all sections: a question that two of them have helps neither. */
  const taken = new Set(
    asked.flatMap(({ article: { locale }, questions }) =>
      questions.map(({ text }) => `${locale} ${sameQuestion(text, locale)}`),
    ),
  )
  const leftOut = new Map<LeftOut, number>()
  let added = 0
  let done = 0
  let failed = 0
  let failedInTurn = 0

  const fail = (one: AskedSection, sentence: string) => {
    failed++
    failedInTurn++
    out.error(`${sectionName(one)}: ${sentence}`)
    if (failedInTurn >= MAX_FAILED_IN_TURN)
      stop.abort(
        new AskletError('network', `${failedInTurn} sections failed one after the other: stopped there.`),
      )
  }

  async function draft(one: AskedSection): Promise<void> {
    const { article, section, sections, questionsFile, questions } = one
    const wanted = perSection - questions.length
    let reply: { readonly text: string; readonly isWhole: boolean }
    try {
      reply = await asker.reply(draftPrompt(one, roles, wanted), stop.signal)
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error
      return fail(one, `the model did not answer (${error.message}). Call the command again later.`)
    }
    // What a cut reply ends with is half a question.
    const text = reply.isWhole ? reply.text : reply.text.replace(/[^\r\n]*$/, '')
    const drafts = draftsOf(text, one, wanted, same => taken.has(`${article.locale} ${same}`))
    for (const why of drafts.leftOut) leftOut.set(why, (leftOut.get(why) ?? 0) + 1)
    if (!drafts.questions.length)
      return fail(one, `nothing in the model's ${reply.isWhole ? '' : 'half '}reply was a question of use.`)
    // Read now, not before the call: its author may have written on meanwhile.
    const path = join(folder, questionsFile)
    const before = readQuestionFile(path)
    if (before === null) return fail(one, `${questionsFile} must be UTF-8, got something else. Save it so.`)
    const after = withQuestions(before, sections, section.headingId, drafts.questions)
    if (after === null)
      return fail(one, `another heading of the article is called like it. Give it an id: ## Title {#its-own}`)
    writeQuestionFile(path, after)
    for (const question of drafts.questions)
      taken.add(`${article.locale} ${sameQuestion(question, article.locale)}`)
    added += drafts.questions.length
    failedInTurn = 0
    if (!reply.isWhole) fail(one, `the model was cut off: ${drafts.questions.length} whole lines were kept.`)
  }

  const queue = [...sent]
  let stopped: unknown
  const worker = async () => {
    for (let one = queue.shift(); one && !stop.signal.aborted; one = queue.shift()) {
      await draft(one)
      out.progress?.(++done, sent.length, 'asking the model')
    }
  }
  await Promise.all(
    Array.from({ length: concurrency }, () =>
      worker().catch(error => {
        stopped ??= error
        stop.abort(error)
      }),
    ),
  )
  stopped ??= stop.signal.aborted ? stop.signal.reason : undefined

  if (stopped instanceof AskletError) out.error(stopped.message)
  const why = [...leftOut].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, times]) => `${times} ${reason}`)
  if (why.length) out.line(`Left out: ${why.join(', ')}.`)
  if (added)
    out.line('Read what was written before you build: what does not belong to its section, take out.')
  out.line('')
  out.line(`sections: ${done}`)
  out.line(`questions-added: ${added}`)
  out.line(`left-out: ${[...leftOut.values()].reduce((sum, times) => sum + times, 0)}`)
  out.line(`failed: ${failed}`)
  out.line(`sections-to-do: ${sent.length - done + failed}`)
  if (stopped !== undefined && !(stopped instanceof AskletError)) throw stopped
  return failed || stopped !== undefined ? 1 : 0
}

/** In the words of a command line. */
function askerFor(
  model: Parameters<typeof createPatientModel>[0],
  clock: Pick<Clock, 'after'>,
  out: Output,
): PatientModel {
  try {
    return createPatientModel(model, clock, sentence => out.error(sentence))
  } catch (error) {
    if (!(error instanceof AskletError)) throw error
    const sentence = error.message
      .replace(/^Asklet \[\w+\]: |\.$/g, '')
      .replace('options.languageModel.url', '--model-url')
      .replace('options.languageModel.parameters', '--model-parameters')
      .replace('options.languageModel.key', MODEL_KEY_VARIABLE)
      .replace('options.languageModel.model', '--model')
      .replace('The key goes into key', `The key goes into ${MODEL_KEY_VARIABLE}`)
    throw usageError(sentence, USAGE)
  }
}

function wholeNumber(written: string, option: string, most: number): number {
  const number = Number(written)
  if (!written.trim() || !Number.isInteger(number) || number < 1 || number > most)
    throw usageError(`${option} must be a whole number from 1 to ${most}, got ${describe(written)}`, USAGE)
  return number
}

/** `*` stands for a name or a part of one, `**` for any folders. No pattern: all. */
function isOneOf(patterns: readonly string[]): (one: AskedSection) => boolean {
  const matching = patterns.map(pattern => {
    const plain = pattern.replace(/^\.\//, '').replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    const source = plain.replace(/\*\*\/|\*\*|\*/g, stars =>
      stars === '*' ? '[^/]*' : stars === '**' ? '.*' : '(?:.*/)?',
    )
    return new RegExp(`^${source}$`, 'i')
  })
  return ({ file, article }) =>
    !matching.length || matching.some(regex => regex.test(article.id) || regex.test(file))
}
