// Every number that ranking judges by, with its unit and its reason. Nothing else in search weighs anything.
//
// The text weights were tuned on the link texts, old titles and paraphrases of several help centres at once
// (`tests/bench/suggest.ts` prints what they give): weights from one help centre do not carry over to another.

import type { ArticleKind } from '../knowledge/article'
import type { QuestionType } from '../understanding/understand'

export const WEIGHTS = {
  // How sure it is that a word of the query means a term of the index; an exact match is 1.
  /** A beginning of any length: people type on. */
  prefix: 0.8,
  /** Added by the share of the term that is typed already. */
  prefixLength: 0.2,
  /** Times that, where the word is also complete as it stands: "test" rather than "testament". */
  prefixBesideExact: 0.7,
  /** Stopped inside an ending: "invoicin". */
  halfEnding: 1,
  oneEdit: 0.75,
  twoEdits: 0.5,
  /** Times that, when the first letter differs: it is the one that people get right. */
  otherFirstLetter: 0.6,
  /** Two words written as one, or one as two. */
  joined: 0.65,
  /** Times its inverse document frequency: "how to" says little, but it tells "how to pay" from "pay". */
  stopWord: 0.5,

  // BM25F: what one occurrence in a field counts, in occurrences in the body …
  /** In the order of FIELDS: title, questions, headings, keywords, summary, body. */
  field: [2.5, 2.5, 2.2, 3, 1.6, 0.5],
  /** … how much a field longer than usual takes off it (0 nothing, 1 all in proportion) … */
  fieldLength: [0.15, 0.15, 0.4, 0.15, 0.15, 0.5],
  /** … and how many of them count half of what endlessly many would. */
  saturation: 2.2,
  /** Share of the score that goes with the share of the query that was found at all. */
  coverage: 0.45,

  // Likeness of a title, question or heading to the query, 0 … 1.2; added to the above.
  /** The query's words are in it … */
  recall: 0.2,
  /** … it has few other words … */
  precision: 0.5,
  /** … in the same order, side by side … */
  order: 0.55,
  /** … and it begins with the same word. */
  start: 0.08,
  /** Times that, for a heading: it names a part of the article, not the article. */
  heading: 0.7,
  /** Times that, for a question of the article: where both fit the same, the title is shown. */
  question: 0.95,
  /** A heading becomes the target when it is this many times as like the query as the title is. */
  headingTarget: 1.25,

  // Priors, added to the words' score; the best words of an answer are worth 1.
  /** The article says that it belongs to this page. Wrong by one page costs nothing, measured. */
  page: 0.4,
  /** Times that for a pattern with `*` or `:`, which says less. */
  pagePattern: 0.8,
  /** Its title has the words of the page's name and headings; weak, because any page has some words. */
  pageWords: 0.06,
  /** Written for the visitor's role; for other roles only: the same taken off. Relevance, not access. */
  role: 0.15,
  /** The article is of the kind that the question asks for. */
  questionType: 0.08,
  /** A tie-breaker and no more. Less than any difference that means something. */
  siteOrder: 1e-6,

  // No suggestion rather than a wrong one.
  /** Least score of the best words in an index of 100 articles: nine of ten real questions reach it … */
  enough: 0.18,
  /** … and for each tenfold of that: among more articles, words meet by accident more often. */
  enoughPerTenfold: 0.2,
  /** Least share of the best one's, for the others. */
  enoughOfBest: 0.25,
} as const

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
