// Conversation tests as text: a transcript of what a visitor does, with what must hold of each answer between the
// lines. Pure: text in, dialogues and every problem with its line out. What holds is runDialogue's to find.
//
//   test: A late withdrawal
//   on: /withdrawals as freelancer
//   > where is my withdrawal W-7731?
//   buttons: Allow
//   (allows)
//   says: on hold

import { describe } from '../base/errors'

export type VisitorAct =
  | { readonly kind: 'writes'; readonly text: string }
  | { readonly kind: 'presses'; readonly label: string }
  /** Opened this article, and says that it did not help. */
  | { readonly kind: 'reads'; readonly articleId: string }
  | { readonly kind: 'goes'; readonly route: string }
  /** The page is loaded anew, in the same tab. */
  | { readonly kind: 'reloads' }
  | { readonly kind: 'consents'; readonly granted: boolean }

/** What can be expected of a turn of the bot; the README says what each means. */
export type ExpectationKind =
  | 'cites'
  | 'says'
  | 'never says'
  | 'asks'
  | 'asks nothing'
  | 'knows'
  | 'flow'
  | 'buttons'
  | 'unknown'
  | 'clarifies'
  | 'person'
  | 'no person'

export interface Expectation {
  readonly kind: ExpectationKind
  /** One is enough; of `buttons` all are needed. Empty where the kind says all. */
  readonly values: readonly string[]
  /** Of `knows`: the slot whose value is one of `values`. */
  readonly slot?: string
  /** As written, without the spaces around it. */
  readonly text: string
  /** From 1. */
  readonly line: number
}

/** Facts by name, as the lines say them: `page.contract`, `visitor.email`, `attributes.plan`. */
export interface FactLine {
  readonly name: string
  readonly value: string
}

export interface TranscriptTurn {
  readonly act: VisitorAct
  readonly line: number
  /** Facts that hold from here on, said after `(goes to …)`. */
  readonly facts: readonly FactLine[]
  readonly expectations: readonly Expectation[]
}

export interface Dialogue {
  readonly title: string
  readonly file: string
  readonly line: number
  /** Route of the page on which it begins. */
  readonly route: string
  readonly role?: string
  readonly facts: readonly FactLine[]
  readonly turns: readonly TranscriptTurn[]
}

export interface TranscriptProblem {
  readonly file: string
  readonly line: number
  /** What it must be, what was got, and the fix. */
  readonly sentence: string
}

/** Kinds that need a value, and those that stand alone (`person` may do either). */
const WITH_VALUES = ['cites', 'says', 'never says', 'asks', 'knows', 'flow', 'buttons', 'person'] as const
const ALONE = ['asks nothing', 'unknown', 'clarifies', 'person', 'no person'] as const
const REASONS = ['askedForPerson', 'policyTopic', 'notSolvedTwice', 'articleDidNotHelp', 'flowHandoff']
const FACT = /^(?:page\.[\w-]+|visitor\.(?:name|email)|attributes\.[\w-]+)$/
const KINDS = [...new Set<string>([...WITH_VALUES, ...ALONE])]

interface OpenDialogue {
  title: string
  line: number
  route: string | null
  role?: string
  facts: FactLine[]
  turns: { act: VisitorAct; line: number; facts: FactLine[]; expectations: Expectation[] }[]
}

/**
 * Reads one file.
 *
 * @param fileName  for problems and reports
 * @returns the dialogues without a problem, and all problems by line. Never throws.
 */
export function parseTranscripts(
  text: string,
  fileName: string,
): { readonly dialogues: readonly Dialogue[]; readonly problems: readonly TranscriptProblem[] } {
  const problems: TranscriptProblem[] = []
  const read: OpenDialogue[] = []
  const broken = new Set<OpenDialogue>()
  let open: OpenDialogue | undefined
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .forEach((whole, i) => {
      const words = whole.trim()
      const line = i + 1
      if (!words || words.startsWith('#')) return
      const title = afterKey(words, 'test')
      if (title !== null) {
        open = { title, line, route: null, facts: [], turns: [] }
        read.push(open)
        if (!title) {
          problems.push({
            file: fileName,
            line,
            sentence: 'test: must have a title, got none. Say what it shows.',
          })
          broken.add(open)
        }
        return
      }
      const sentence = open
        ? readLine(words, line, open)
        : `the first line must be "test: <title>", got ${describe(words)}. Each conversation begins with one.`
      if (sentence === null) return
      problems.push({ file: fileName, line, sentence })
      if (open) broken.add(open)
    })
  for (const dialogue of read)
    if (!dialogue.turns.length && !broken.has(dialogue)) {
      broken.add(dialogue)
      const sentence =
        'the conversation must have a turn of the visitor, got none. Write "> a question" below it.'
      problems.push({ file: fileName, line: dialogue.line, sentence })
    }
  if (!read.length && !problems.length)
    problems.push({
      file: fileName,
      line: 1,
      sentence: 'the file must hold a conversation, got none. Begin one with "test: <title>".',
    })
  return {
    dialogues: read
      .filter(dialogue => !broken.has(dialogue))
      .map(({ route, ...rest }) => ({ ...rest, route: route ?? '/', file: fileName })),
    problems: problems.sort((a, b) => a.line - b.line),
  }
}

/** Adds the line to `dialogue`; returns what is wrong with it, or null. */
function readLine(words: string, line: number, dialogue: OpenDialogue): string | null {
  const turn = dialogue.turns.at(-1)
  const act = readAct(words)
  if (typeof act === 'string') return act
  if (act) {
    dialogue.turns.push({ act, line, facts: [], expectations: [] })
    return null
  }
  const [, key = '', value = ''] = /^([^:]*?)\s*:\s*(.*)$/.exec(words) ?? [words, words]
  const on = afterKey(words, 'on')
  if (on !== null) {
    const [, route = '', role] = /^(\/\S*)(?:\s+as\s+(\S+))?$/.exec(on) ?? []
    if (!route) return `on: must be a path and a role, got ${describe(on)}. Write "on: /orders as client".`
    if (turn)
      return `on: must stand before the first turn, got it after one. Write "(goes to ${route})" there.`
    dialogue.route = route
    if (role) dialogue.role = role
    return null
  }
  if (/^(?:page|visitor|attributes)\./.test(key)) {
    if (!FACT.test(key))
      return `the fact must be page.<name>, visitor.name, visitor.email or attributes.<name>, got ${describe(key)}.`
    if (!value)
      return `${key} must have a value, got none. Leave the line out where the page does not tell it.`
    if (!turn) dialogue.facts.push({ name: key, value })
    else if (turn.act.kind === 'goes' && !turn.expectations.length) turn.facts.push({ name: key, value })
    else
      return `${key} must stand before the first turn or right after "(goes to …)", got it after ${describe(describeAct(turn.act))}. Facts change with the page.`
    return null
  }
  const expectation = readExpectation(key, value, words, line)
  if (typeof expectation === 'string') return expectation
  if (!turn) return `${describe(words)} must stand after a turn of the visitor, got it before the first one.`
  turn.expectations.push(expectation)
  return null
}

/** The text after `key:`; null: the line begins otherwise. */
function afterKey(words: string, key: string): string | null {
  return words.startsWith(`${key}:`) ? words.slice(key.length + 1).trim() : null
}

/** What the visitor does, null: the line is something else, or what is wrong with it. */
function readAct(words: string): VisitorAct | string | null {
  if (words.startsWith('>')) {
    const text = words.slice(1).trim()
    return text ? { kind: 'writes', text } : 'the visitor must write something, got nothing after >.'
  }
  const label = /^\[(.*)\]$/.exec(words)?.[1]?.trim()
  if (label !== undefined)
    return label ? { kind: 'presses', label } : 'the button must have its label, got []. Write [Yes].'
  if (!words.startsWith('(')) return null
  const inside = /^\((.*)\)$/.exec(words)?.[1]?.trim() ?? ''
  const [, articleId] = /^reads\s+(\S+)$/.exec(inside) ?? []
  if (articleId) return { kind: 'reads', articleId }
  const [, route] = /^goes to\s+(\/\S*)$/.exec(inside) ?? []
  if (route) return { kind: 'goes', route }
  if (inside === 'allows' || inside === 'refuses') return { kind: 'consents', granted: inside === 'allows' }
  if (inside === 'reloads') return { kind: 'reloads' }
  return `what is in ( ) must be one of (reads <article>), (goes to /path), (reloads), (allows), (refuses), got ${describe(words)}.`
}

function readExpectation(key: string, value: string, text: string, line: number): Expectation | string {
  const hasColon = text.includes(':')
  const kinds: readonly string[] = hasColon ? WITH_VALUES : ALONE
  const kind = kinds.find(known => known === key) as ExpectationKind | undefined
  if (!kind) {
    const other = KINDS.find(known => known === key)
    if (other)
      return hasColon
        ? `"${other}" must stand alone, got ${describe(text)}. Leave the rest away.`
        : `"${other}" must say what, got nothing. Write "${other}: …".`
    return `the line must be a turn or one of ${KINDS.join(', ')}, got ${describe(text)}. A comment begins with #.`
  }
  if (!hasColon) return { kind, values: [], text, line }
  const [, slot, known] = kind === 'knows' ? (/^([\w-]+)\s*=\s*(.*)$/.exec(value) ?? []) : []
  if (kind === 'knows' && (!slot || !known))
    return `knows: must be a slot and its value, got ${describe(value)}. Write "knows: contract = C-20418".`
  const values = (known ?? value)
    .split('|')
    .map(one => one.trim())
    .filter(Boolean)
  if (!values.length) return `${kind}: must say what, got nothing.`
  const odd = kind === 'person' ? values.find(reason => !REASONS.includes(reason)) : undefined
  if (odd !== undefined) return `person: must be one of ${REASONS.join(', ')}, got ${describe(odd)}.`
  return { kind, values, ...(slot && { slot }), text, line }
}

/** As it is written in a transcript. */
export function describeAct(act: VisitorAct): string {
  switch (act.kind) {
    case 'writes':
      return `> ${act.text}`
    case 'presses':
      return `[${act.label}]`
    case 'reads':
      return `(reads ${act.articleId})`
    case 'goes':
      return `(goes to ${act.route})`
    case 'reloads':
      return '(reloads)'
    default:
      return act.granted ? '(allows)' : '(refuses)'
  }
}
