// How frustrated a text sounds, by a small linear model of a language; a chunk of its own, for the lists of the
// language read tone until it is there. Pure. What tells tone and is no word (marks, faces, capitals, long drawn
// letters) is given to the model as words that nobody writes.

import { createReader, type ModelFile } from './linearModel'
import { isStopWord, wordsOf } from './normalise'
import type { ToneModel } from './tone'

/** The file of a tone model. Its one label that has weights is the first. */
export interface ToneModelFile extends ModelFile {
  /** What it was learnt from, and the licences of that. */
  source: string
  /** Source of a regular expression: how an answer to the bot begins. "No, the other one" is no disapproval. */
  opening: string
  /** Coefficients of `toneSignals`; their sum is the log odds of frustration. */
  tone: number[]
}

/** @throws nothing: the file is one that training wrote */
export function createToneModel(file: ToneModelFile): ToneModel {
  const read = createReader(file)
  const opening = new RegExp(file.opening, 'i')
  const told = (text: string) => withMarks(text.replace(opening, ''))
  const scoreOf = (text: string) => read(text).scores[0] ?? 0
  return {
    coefficients: file.tone,
    score: text => scoreOf(told(text)),
    evidence(text) {
      const written = new Set(wordsOf(text))
      const words = wordsOf(told(text)).slice(0, MAX_WORDS)
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
