// Every number that an answer's confidence is made of, with its reason. Fitted as a logistic to which answers to the even
// half of the labelled questions in `tests/bench/answers` are right, questions without an answer among them,
// and questions of other fields (CLINC150, out of scope), cross-validated by article; `npm run bench:answers` prints what they give on the other half.

// Added to a passage's score, as a logit, before the best is chosen.
/** Its sentences hold the sort of thing that is asked for; taken off where they do not. */
export const SORT_FOUND = 0.2
/** Times the share of the question that the quoted sentences themselves say. */
export const SAID_FOUND = 0.5

// The confidence, as a logit.
export const ZERO = -0.77
/** Of the best passage's score. */
export const FOUND = 0.8
/** A story shares few of its words with any section, and is answered all the same. */
export const LENGTH = 0.72
/** Of how much of the nearest question that the section answers is asked: what is left over is another question. */
export const KNOWN = 3.44
/** Taken for that where no question is known. */
export const USUALLY_KNOWN = 0.75

/** Least confidence of an answer: below it, questions that nothing answers were answered too often. */
export const ANSWER_AT = 0.62
/** Least confidence of the best one, for asking back which of several sections is meant. */
export const ASK_AT = 0.3
/** Behind the best by at most so much (logit), a section is a reading too … */
export const NEAR = 0.7
/** … or is quoted beside it: of two so close, the second holds the answer nearly as often as the first. */
export const BOTH = 0.7

/** Of passages of a host's own search, which tell no weights: least share of the question's content words, least score. */
export const LEAST_SAID = 0.6
export const LEAST_SCORE = 0.3
