// Every number that ranking judges by, with its unit and its reason. Nothing else in search weighs anything.
//
// The text weights were tuned on the link texts, old titles and paraphrases of several help centres at once
// (`npm run bench:relevance` prints what they give, `tests/bench/results.md` what was tried): weights from one help centre do not carry over to another.

import type { ArticleKind } from '../knowledge/article'
import type { QuestionType } from '../understanding/understand'

// How sure it is that a word of the query means a term of the index; an exact match is 1.
/** A beginning of any length: people type on. */
export const prefix = 0.85
/** Added by the share of the term that is typed already. */
export const prefixLength = 0.15
/** Times that, where the word is also complete as it stands: "test" rather than "testament". */
export const prefixBesideExact = 0.98
/** Times the weight of the word that is being typed: it is what the visitor has in mind now. */
export const open = 1.3
/** Stopped inside an ending: "invoicin". */
export const halfEnding = 1
export const oneEdit = 1
export const twoEdits = 0.5
/** Times that, when the first letter differs: it is the one that people get right. */
export const otherFirstLetter = 0.6
/** Two words written as one, or one as two. */
export const joined = 0.65
/** A word that stands for another, as the site or the language has it. */
export const synonym = 0.6
/** Times its inverse document frequency: "how to" says little, but it tells "how to pay" from "pay". */
export const stopWord = 0.35

// BM25F: what one occurrence in a field counts, in occurrences in the body …
/** In the order of FIELDS: title, questions, keywords, summary, headings, body. */
export const field = [2.5, 2.5, 3, 1.1, 2.2, 0.5] as const
/** … how much a field longer than usual takes off it (0 nothing, 1 all in proportion) … */
export const fieldLength = [0.15, 0.15, 0.15, 0.15, 0.28, 0.5] as const
/** … and how many of them count half of what endlessly many would. */
export const saturation = 2.2
/** Share of that which goes with the share of the query that was found at all. */
export const coverage = 0.45

// What an article's words are worth: those of all its fields together, how much of what the query says is found
// in any of them, and the name that is most like the query. A name all alike is worth about 1.
export const bm25 = 0.56
export const covered = 0.13

// Likeness of a name (title, question, keyword, address, heading) to the query: the share of the query that it
// says, times …
/** … something for saying it at all, */
export const said = 0.25
/** how few other words it has, */
export const precision = 0.66
/** how many words stand side by side as in the query, */
export const order = 0.08
/** and that share again where it also begins as the query does. */
export const start = 0.28
/** Times that, for what is no title: a question of the article, a keyword, its address, a heading. */
export const question = 0.95
export const keyword = 0.9
export const slug = 0.93
export const heading = 0.64
/** A heading becomes the target when it is this many times as like the query as the title is. */
export const headingTarget = 1.25

// Priors, added to the words' score; the best words of an answer are worth 1. Fitted to the even half of the
// labelled cases in `tests/bench/context`, the words' weights as they are.
/** Added to that for each unit of confidence: words that say it all are worth more than the best of a bad lot. */
export const confidence = 0.25
/** The article is listed for this page; more, where the page stands first in its list … */
export const page = 0.6
export const pageFirst = 0.2
/** … and as the list is short. */
export const pageFew = 0.28
/** Times all that for a pattern with `*` or `:`, which says less. */
export const pagePattern = 0.8
/** It goes with the page's headings better than any other article does. */
export const pageText = 0.2
/** The same, with an error that the page shows; and an article that mends something, where there is an error. */
export const error = 1.2
export const remedy = 0.5
/** Listed for the page that the visitor comes from; half for the one before. */
export const recent = 0.6
/** Written for the visitor's role, or taken off: for other roles only. Relevance, not access. */
export const role = 0.14
export const otherRole = 0.7
/** The article is of the kind that the question asks for. */
export const questionType = 0.2
/** Nothing asked for a kind: steps before explanations before rules, and what mends nothing broken last. */
export const kind = { howto: 0, concept: -0.12, policy: -0.3, troubleshoot: -0.35 } as const
/** The site's first article over its last. */
export const siteOrder = 0.33
/** An article that solves what it was opened for far more often than the others. */
export const outcome = 0.2
/** Taken off an article that is not in the visitor's language: read only where theirs has nothing near. */
export const otherLanguage = 0.3

// No suggestion rather than a wrong one.
/** Least score of the best words in an index of 100 articles: nine of ten real questions reach it … */
export const enough = 0.19
/** … and for each tenfold of that: among more articles, words meet by accident more often. */
export const enoughPerTenfold = 0.17
/** Least share of the best one's, for the others. */
export const enoughOfBest = 0.35

/** How well a kind of article answers a type of question, 0 … 1. What is missing is 0. */
export const ANSWERS: Readonly<Record<QuestionType, Readonly<Partial<Record<ArticleKind, number>>>>> = {
  howto: { howto: 1 },
  why: { troubleshoot: 1, concept: 0.5 },
  where: { howto: 0.5 },
  permission: { policy: 0.7, howto: 0.5 },
  status: { troubleshoot: 0.7, policy: 0.5 },
  policy: { policy: 1, concept: 0.5 },
  statement: {},
}

/** Articles compared word by word; the right one is among them in 99 of 100 (beyond that, order is by BM25F alone). */
export const MAX_COMPARED = 60
