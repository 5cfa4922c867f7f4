// Short replies in a language: a yes, a no, a word that stands for a button, a detail taken back, "the second one".
// Pure; compiled once. Without words of the language nothing is read, and the buttons are as ever.

import type { Language } from './languages/language'
import { plain } from './normalise'

export interface Correction {
  /** The words without what they take back. */
  readonly rest: string
  /** What is meant stands on the page that the visitor is on. */
  readonly isOnThisPage: boolean
}

export interface Replies {
  /** undefined: neither. */
  yesOrNo(text: string): boolean | undefined
  /** A no whatever comes after it: "no, I have been waiting for a week". */
  startsWithNo(text: string): boolean
  button(text: string): 'back' | 'stop' | 'resume' | undefined
  /** null: nothing is taken back. */
  correction(text: string): Correction | null
  /** Which of several is meant: 0 is the first, -1 the last; undefined: none is named. */
  place(text: string): number | undefined
}

export const NO_REPLIES: Replies = {
  yesOrNo: () => undefined,
  startsWithNo: () => false,
  button: () => undefined,
  correction: () => null,
  place: () => undefined,
}

const BUTTONS = ['back', 'stop', 'resume'] as const

export function createReplies(language: Pick<Language, 'replies' | 'talk'> | null): Replies {
  const { replies, talk } = language ?? {}
  if (!replies) return NO_REPLIES
  const whole = (list: string) => new RegExp(`^(?:${list})$`)
  const yes = whole(replies.yes)
  const no = whole(replies.no)
  const because = new RegExp(`^(?:${replies.noBecause})`)
  const starts = new RegExp(`^(?:${replies.no})\\b`)
  const buttons = BUTTONS.map(id => [id, whole(replies[id])] as const)
  const back = new RegExp(`\\b(?:${replies.takesBack})\\b`, 'i')
  const notThis = new RegExp(`[,;]? ?\\b(?:${replies.notThis}) [^,;.!?]+`, 'gi')
  const here = new RegExp(`\\b(?:${replies.onThisPage})\\b`, 'i')
  const places = talk && whole(`(?:(?:${talk.articles}) )?(${talk.ordinals.join('|')})(?: (?:${talk.ones}))?`)
  const said = (text: string) => plain(text).replace(/[.!]+$/, '')
  return {
    yesOrNo(text) {
      const words = said(text)
      if (because.test(words) || no.test(words)) return false
      return yes.test(words) ? true : undefined
    },
    startsWithNo: text => starts.test(plain(text)),
    button(text) {
      const words = said(text)
      return buttons.find(([, pattern]) => pattern.test(words))?.[0]
    },
    correction: text =>
      back.test(text) ? { rest: text.replace(notThis, ' '), isOnThisPage: here.test(text) } : null,
    place(text) {
      const word = places?.exec(said(text))?.[1]
      const at = word === undefined ? -1 : (talk?.ordinals.indexOf(word) ?? -1)
      return at < 0 ? undefined : at === (talk?.ordinals.length ?? 0) - 1 ? -1 : at
    },
  }
}
