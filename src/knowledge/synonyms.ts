// Words that a site's visitors use for one another, as its authors write them down. Pure; build time.
//
//   cancel, close, end            each stands for each other
//   wfh => work from home         who types the left one means the right one too, not the other way round
//   [de]                          what follows holds for this language only
//   # a remark
//
// What stands above the first [section] holds for every language. Folding and stemming are the index's.

import { describe } from '../base/errors'
import { canonicalLocale } from './canonicalLocale'
import type { SourceProblem } from './frontMatter'

/** Who types `from` means each of `to` as well. Phrases of 1 to 4 words, lower case, single spaces. */
export interface SynonymRule {
  readonly from: string
  readonly to: readonly string[]
}

export interface LocalSynonymRule extends SynonymRule {
  /** BCP 47; `en` holds for `en-GB` too. Left out: every language. */
  readonly locale?: string
}

export interface Synonyms {
  /** In the order of the file; several rules may have the same `from`. */
  readonly rules: readonly LocalSynonymRule[]
  /** Lines that were left out, whole or in part. */
  readonly problems: readonly SourceProblem[]
}

const MAX_WORDS = 4

/**
 * Reads a file of synonyms. Never throws: a line with a mistake is a problem, and the others count.
 *
 * @param file    its name, for the problems
 * @param locale  of the lines above the first section; left out: every language
 */
export function readSynonyms(text: string, file: string, locale?: string): Synonyms {
  const rules: LocalSynonymRule[] = []
  const problems: SourceProblem[] = []
  let section: string | null | undefined = locale
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .forEach((raw, i) => {
      const line = raw.replace(/(?:^|\s)#.*$/, '').trim()
      const problem = (sentence: string) => problems.push({ file, line: i + 1, sentence })
      if (!line) return
      if (line.startsWith('[')) {
        section = canonicalLocale(/^\[\s*([\w-]+)\s*\]$/.exec(line)?.[1] ?? '')
        if (section === null)
          problem(`a section must be a language in brackets, got ${describe(line)}. Write [de] or [pt-BR].`)
        return
      }
      // What a wrong section holds could be of any language.
      if (section === null) return
      for (const rule of rulesOf(line, problem)) rules.push(section ? { ...rule, locale: section } : rule)
    })
  return { rules, problems }
}

function rulesOf(line: string, problem: (sentence: string) => void): readonly SynonymRule[] {
  const sides = line.split(/=>|→/)
  const [left = [], right] = sides.map(side => phrasesOf(side, problem))
  if (sides.length > 2) {
    problem(`a line must hold one => at most, got ${sides.length - 1}. Write one line for each.`)
    return []
  }
  if (!right) {
    if (left.length < 2) {
      problem(
        `a group must hold two phrases or more, got ${describe(line)}. Write cancel, close or wfh => work from home.`,
      )
      return []
    }
    return left.map(from => ({ from, to: left.filter(other => other !== from) }))
  }
  const rules = left
    .map(from => ({ from, to: right.filter(other => other !== from) }))
    .filter(({ to }) => to.length)
  if (!rules.length)
    problem(
      `=> must have different phrases on both sides, got ${describe(line)}. Write wfh => work from home.`,
    )
  return rules
}

/** The phrases between the commas, once each; those that cannot be used are told. */
function phrasesOf(side: string, problem: (sentence: string) => void): readonly string[] {
  const phrases: string[] = []
  for (const part of side.split(',')) {
    const phrase = part.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
    if (!phrase) {
      if (part !== side) problem('between two commas must be a phrase, got nothing. Take one comma out.')
      continue
    }
    const words = phrase.split(' ').length
    if (!/[\p{L}\p{N}]/u.test(phrase))
      problem(`a phrase must hold letters or digits, got ${describe(phrase)}. Take it out.`)
    else if (words > MAX_WORDS)
      problem(
        `a phrase must be of ${MAX_WORDS} words or fewer, got ${words}: ${describe(phrase)}. Shorten it.`,
      )
    else if (!phrases.includes(phrase)) phrases.push(phrase)
  }
  return phrases
}

/**
 * The rules of one language, one for each `from`, sorted: the same lines in any order give the same rules.
 *
 * @param locale  BCP 47, of an index
 */
export function rulesFor(locale: string, rules: readonly LocalSynonymRule[]): readonly SynonymRule[] {
  const byPhrase = new Map<string, Set<string>>()
  for (const { from, to, locale: own } of rules) {
    if (own !== undefined && own !== locale && !locale.startsWith(`${own}-`)) continue
    const all = byPhrase.get(from) ?? new Set()
    for (const phrase of to) all.add(phrase)
    byPhrase.set(from, all)
  }
  return [...byPhrase]
    .map(([from, to]) => ({ from, to: [...to].sort() }))
    .sort((a, b) => (a.from < b.from ? -1 : 1))
}
