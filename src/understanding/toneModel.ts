// How frustrated a text sounds, by a small linear model of a language; a chunk of its own, for the lists of the
// language read tone until it is there. Pure. What tells tone and is no word (marks, faces, capitals, long drawn
// letters) is given to the model as words that nobody writes.

import { type Features, featuresOf, hashOf } from './features'
import { BASE, logistic, type ModelFile } from './linearModel'
import { isStopWord, stem, wordsOf } from './normalise'
import type { Heard, ToneModel } from './tone'

/** The file of a tone model. Its one label that has weights is the first. */
export interface ToneModelFile extends ModelFile {
  /** What it was learnt from, and the licences of that. */
  source: string
  /** Source of a regular expression: how an answer to the bot begins. "No, the other one" is no disapproval. */
  opening: string
  /** Source of a regular expression: a word that turns those after it. */
  negation: string
  /** How good or bad a word is by itself, of stems; hashes and levels as the weights. */
  rated: Pick<ModelFile, 'space' | 'high' | 'low' | 'weights' | 'levels'>
  /** What each of `ratedSignals` adds to the score. */
  counts: number[]
  /** Coefficients of `toneSignals`; their sum is the log odds of frustration. */
  tone: number[]
  /** From this share on a visitor is taken for angry: so that few ordinary questions are. */
  angryFrom: number
}

/** @throws nothing: the file is one that training wrote */
export function createToneModel(file: ToneModelFile): ToneModel {
  const see = createToneSight(file)
  const weightOf = numbersOf(file)
  const scoreOf = (told: string) => {
    let score = see.rated(told).reduce((sum, signal, at) => sum + signal * (file.counts[at] ?? 0), 0)
    for (const [hash, value] of see.features(told)) score += value * weightOf(hash)
    return score
  }
  return {
    angryFrom: file.angryFrom,
    frustration(text, heard) {
      const odds = toneSignals(scoreOf(see.told(text)), heard).reduce(
        (sum, signal, at) => sum + signal * (file.tone[at] ?? 0),
        0,
      )
      return worse(logistic(odds), heard)
    },
    evidence(text) {
      const written = new Set(wordsOf(text))
      const words = wordsOf(see.told(text)).slice(0, MAX_WORDS)
      const whole = scoreOf(words.join(' '))
      return [...new Set(words)]
        .filter(word => written.has(word) && word.length > 2 && !isStopWord(word))
        .map(word => ({ word, loss: whole - scoreOf(words.filter(other => other !== word).join(' ')) }))
        .filter(({ loss }) => loss > TELLING)
        .sort((a, b) => b.loss - a.loss)
        .slice(0, 3)
        .map(({ word }) => word)
    },
  }
}

/** Of a file with one label: hash of a feature -> its number; 0 for one that the file does not know. */
function numbersOf({ space, high, low, weights, levels }: ToneModelFile['rated']): (hash: number) => number {
  const numbers = new Map<number, number>()
  const digitAt = (row: string, at: number) => row.charCodeAt(at) - (row.charCodeAt(at) < 92 ? 35 : 36)
  for (let at = 0, place = 0, known = 0; at < high.length; at++) {
    const digit = digitAt(high, at)
    place += digit * BASE
    if (digit === BASE - 1) continue
    place += digitAt(low, known)
    numbers.set(place, (levels[digitAt(weights, known++)] as number) / 1_000)
  }
  return hash => numbers.get((hash % 2 ** 32) % space) ?? 0
}

/** What is seen of a text; the trainer sees by it too. */
export interface ToneSight {
  /** The text without its opening, with its marks as words. */
  told(text: string): string
  /** Of what was told: those of any linear model, and each word that a negation stands before. */
  features(told: string): Features
  /** How bad the rated words are, the worst of them, how good they are; all of them for the length of the text. */
  rated(told: string): readonly number[]
}

/** Words after a negation that it turns, as features and where they are rated; what it turns is half as strong. */
const TURNED = 4
const TURNED_RATED = 3
const TURNED_BY = -0.5
/** The worst that a word is rated, and the least words that a text counts as. */
const WORST = 3
const LEAST_WORDS = 3

export function createToneSight({
  opening,
  negation,
  rated,
}: Pick<ToneModelFile, 'opening' | 'negation' | 'rated'>): ToneSight {
  const opens = new RegExp(opening, 'i')
  const turns = new RegExp(`^(?:${negation})$`)
  const ratingOf = numbersOf(rated)
  return {
    told: text => withMarks(text.replace(opens, '')),
    features(told) {
      const found = new Map(featuresOf(told))
      const value = found.get(0) as number
      let left = 0
      for (const word of wordsOf(told)) {
        if (turns.test(word)) left = TURNED + 1
        else if (left > 0) found.set(hashOf(`n${stem(word)}`), value)
        left--
      }
      return found
    },
    rated(told) {
      const words = wordsOf(told)
      let [bad, worst, good, left] = [0, 0, 0, 0]
      for (const word of words) {
        const isTurning = turns.test(word)
        let rating = ratingOf(hashOf(stem(word)))
        if (isTurning) left = TURNED_RATED + 1
        else if (left > 0) rating *= TURNED_BY
        left--
        bad += Math.max(0, -rating)
        good += Math.max(0, rating)
        worst = Math.max(worst, -rating)
      }
      const length = Math.sqrt(Math.max(LEAST_WORDS, words.length))
      return [bad / length, worst / WORST, good / length]
    },
  }
}

/**
 * What signs may add to what a model says: of a strong word, a mild one, shouting, marks in a row. Less than alone,
 * because the model has weighed them already; but it learnt from comments, where joy shouts and swears as well.
 */
const ADDED = [0.4, 0.3, 0.2, 0.1] as const
const MOST_ADDED = 0.6
/** From this share of frustrated texts on signs add in full; what sounds calm without them (`report a scam`) stays so. */
const ADDED_FROM = 0.3

/** What a share becomes with what signs add. */
export function worse(share: number, { strong, mild, shouts, marks }: Heard): number {
  const signs = [strong.length, mild.length, Number(shouts.length > 0), marks.length]
  const added = signs.reduce((sum, count, at) => sum + count * (ADDED[at] as number), 0)
  return share + (1 - share) * Math.min(MOST_ADDED, added) * Math.min(1, share / ADDED_FROM)
}

/** What frustration is weighed from: 1, the model's score, words of the lists, shouting, marks in a row. */
export function toneSignals(score: number, { strong, mild, shouts, marks }: Heard): readonly number[] {
  return [
    1,
    score,
    Math.min(2, strong.length),
    Math.min(2, mild.length),
    Number(shouts.length > 0),
    marks.length,
  ]
}

/** Each word is tried without: a pasted page would be tried for a second. */
const MAX_WORDS = 40
/** Log odds that a word must push by to be named. */
const TELLING = 0.25

/** Longer texts are read up to here, as by `plain`. */
const MAX_CHARS = 2_000

/** The text with its marks as words; the trainer reads texts through it too. */
export function withMarks(text: string): string {
  const read = text.slice(0, MAX_CHARS).replace(/[’‘]/g, "'")
  const shouts = read.match(/\b[A-Z]{4,}\b/g)?.length ?? 0
  const marked = read
    .replace(/\p{Extended_Pictographic}/gu, face => ` q${face.codePointAt(0)?.toString(36)} `)
    .replace(/[:;=]'?-?[([/\\](?=\s|$)/g, ' qfrown ')
    .replace(/[:;=]'?-?[)DP\]](?=\s|$)/g, ' qsmile ')
    .replace(/([a-z])\1\1+/gi, '$1$1')
    .replace(
      /[!?]+/g,
      marks =>
        ` q${marks.includes('!') ? 'bang' : ''}${marks.includes('?') ? 'ask' : ''}${marks.length > 1 ? 's' : ''} `,
    )
    .replace(/\.{2,}|…/g, ' qdots ')
    .replace(/["“”]/g, ' qsays ')
  return marked + (shouts ? (shouts > 1 ? ' qshouts' : ' qshout') : '') + (DRAWN.test(read) ? ' qdrawn' : '')
}

/** `sooo`, `nooooo` */
const DRAWN = /([a-z])\1\1/i
