// What a language needs so that words of its people can be understood: word lists and patterns, as data.
// English is complete (`en.ts`). A second language is one more file of this shape, named in `PACKS` below; what it
// leaves out is not read from words in that language, and all else works.
// Patterns are sources of regular expressions without flags; they meet text as `plain` writes it: lower case, no
// accents, straight quotes, single spaces.

import type { LinearModel, ModelFile } from '../linearModel'
import type { ToneModel } from '../tone'
import type { ToneModelFile } from '../toneModel'
import type { QuestionType } from '../understand'

export interface Language {
  /** BCP 47, the language alone: `en`. */
  readonly locale: string
  readonly person?: PersonWords
  /** Hears wordings that the patterns of `person` do not know. Made when it is first asked for. */
  readonly personModel?: () => PersonModel
  /** Reads the model of a site: here, because what the language itself weighs is read by the same code. */
  readonly readModel?: (file: ModelFile) => LinearModel
  readonly tone?: ToneWords
  readonly talk?: TalkWords
  readonly replies?: ReplyWords
  readonly questions?: QuestionWords
  readonly policy?: PolicyWords
  /** Where a desk routes a message, where the site names no categories of its own; see `CategoryWords`. */
  readonly categories?: readonly CategoryWords[]
  readonly answers?: AnswerWords
}

/** What kind of question the words ask; first match wins. Patterns meet words without apostrophes. */
export type QuestionWords = readonly (readonly [type: QuestionType, sign: string])[]

/** Short replies to what the bot has said or asked. */
export interface ReplyWords {
  /** A whole message. */
  readonly yes: string
  readonly no: string
  /** The beginning of a message that says no and why. */
  readonly noBecause: string
  /** A whole message that stands for a button. */
  readonly back: string
  readonly stop: string
  readonly resume: string
  /** Without one of these a second value is no correction. */
  readonly takesBack: string
  /** In front of what is taken back, up to the next comma: `not` 780 USD. */
  readonly notThis: string
  /** What is meant stands on the page. */
  readonly onThisPage: string
}

/** Topics on which only a person may decide, told from how such things work in general. */
export interface PolicyWords {
  /** Where one sentence ends, and where a clause of it does. */
  readonly sentenceEnd: string
  readonly clauseEnd: string
  /** A clause that says this asks how things work, and is no case of anybody. */
  readonly general: string
  /** Topic -> what a case of it says. Earlier topics win. */
  readonly topics: Readonly<Record<string, readonly string[]>>
}

/** A category, and the words and phrases that speak for it. */
export interface CategoryWords {
  readonly name: string
  /** Forms of a word count as that word; a phrase counts as many times as it has words. */
  readonly words: readonly string[]
}

/** How people ask for a person. */
export interface PersonWords {
  /** Where one clause ends and the next one begins. */
  readonly clauseEnd: string
  /** A whole message that says only this asks for a person. */
  readonly asksAlone: readonly string[]
  /** A clause that says this among other things does so too … */
  readonly asks: readonly string[]
  /** … unless it says no to that, which no model may hear as a yes … */
  readonly refuses: readonly string[]
  /** … or one of these stands there too: a question about the bot itself, something else instead … */
  readonly unless: readonly string[]
  /** … which cannot take back one of these: `I do not want to talk to a bot`. */
  readonly inAnyCase: readonly string[]
  /** Words that are known with one letter wrong; those of four letters with two letters swapped. */
  readonly spelled: readonly string[]
  /** Small words that people write together with the next one: `tosomebody`. */
  readonly stuckBefore: string
}

/** What a linear model says of a text by itself, and what that counts beside the patterns. */
export interface PersonModel {
  /** Log odds that a text asks for a person. */
  odds(text: string): number
  /** The words that say so most, at most three. */
  evidence(text: string): readonly string[]
  /** Log odds that a message asks are `usual + counts * odds`, plus `heard` where a pattern matches. */
  readonly usual: number
  readonly counts: number
  readonly heard: number
  /** From this confidence on a message asks, whatever the patterns say. 0 … 1 */
  readonly from: number
}

/** Words of frustration, urgency and distress; each a whole word or phrase. */
export interface ToneWords {
  readonly strong: string
  readonly mild: string
  readonly urgent: string
  /** Despair, or danger to somebody: few and plain, for each brings a person at once. */
  readonly distress: string
}

/** How people lean on what was said before. Lists are alternatives of a pattern, case ignored. */
export interface TalkWords {
  /** Words that go on from what was said: `and`, `ok`. */
  readonly goesOn: string
  /** `what about`: what follows is new, all else is as before. */
  readonly about: string
  /** Words that mean something said before: `that`, `it`. */
  readonly pointing: string
  /** Phrases that hold such a word and mean nothing said before: `it takes to`, `this week`. */
  readonly pointsAtNothing: string
  /** `first`, `second` … `last`, in order, and the word that may follow: `one`. */
  readonly ordinals: readonly string[]
  readonly ones: string
  /** Between two things to choose from. */
  readonly either: string
  readonly and: string
  /** In front of a question and no part of it: `Thanks, got it.`, `I have two questions:`. */
  readonly opening: string
  /** A question begins with one of these. */
  readonly questionStart: string
  /** A message that is no more than this, and one of `politeness` after it. */
  readonly hello: string
  readonly thanks: string
  readonly bye: string
  readonly politeness: string
  readonly prepositions: string
  readonly articles: string
  /** What may follow a thing in a question: `how long does a transfer to a bank` *take*. */
  readonly verbs: string
}

/** What tells a question's key words from talk, and what it asks for. */
export interface AnswerWords {
  /**
   * Words of any talk, apart by spaces. A help centre seldom writes them, so that counting makes them look rare and
   * telling, and they are neither.
   */
  readonly everyday: string
  /** A question that says the first asks for what holds the second; first match wins, so the narrow ones stand first. */
  readonly sorts: readonly (readonly [asked: string, held: string])[]
}

/** A further language is a further line here. */
const PACKS: Readonly<Record<string, () => Promise<Language>>> = {
  en: async () => (await import('./en')).english,
}

/**
 * The pack of a language, as a chunk of its own. One that has none is read as English: its words mean nothing
 * there, but many who read another language write in the site's.
 *
 * @param locale  BCP 47
 * @throws whatever the import throws when the chunk does not come
 */
export function loadLanguage(locale: string): Promise<Language> {
  const own = locale.toLowerCase().split('-')[0] ?? ''
  return (Object.hasOwn(PACKS, own) && PACKS[own] ? PACKS[own] : (PACKS.en as () => Promise<Language>))()
}

/** Tone models by language; one that has none is read by its lists alone. */
const TONES: Readonly<Record<string, () => Promise<ToneModel>>> = {
  en: async () => {
    const [{ createToneModel }, file] = await Promise.all([import('../toneModel'), import('./en.tone.json')])
    return createToneModel(file.default as unknown as ToneModelFile)
  },
}

/**
 * The tone model of a language, as chunks of its own; nothing waits for it, because the lists do without.
 *
 * @param locale  of a pack that came: `Language.locale`
 * @returns null where the language has none
 * @throws whatever the import throws when a chunk does not come
 */
export async function loadToneModel(locale: string): Promise<ToneModel | null> {
  return (Object.hasOwn(TONES, locale) && (await TONES[locale]?.())) || null
}
