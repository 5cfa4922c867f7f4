// How many sentences a flow or an intent needs. For whoever checks, trains or says so.

/** Fewer of a label teach a model those sentences and nothing else. */
export const FEWEST_EXAMPLES = 3

/** From here on most of what visitors write is told. */
export const GOOD_EXAMPLES = 10
