// How English turns, limits and bounds what it says, as data: what may not be left out of a sentence that an article
// is to support. Apart from the rest of English, because the server reads it too.

/** Say nothing by themselves: they may come and go. */
export const FREE =
  /^(?:an?|the|is|are|be|been|being|am|do|does|will|can|has|have|then|also|please|of|there)$/
export const NOT = /^(?:not?|never|cannot|without|none|nobody|nothing|neither|nowhere|nor|.+n't)$/
/** Others that turn what is said, each for itself, by their beginnings. */
export const TURNING =
  /^(?:or|if|whether|unless|except\w*|exclud\w*|apart|only|solely|exclusively|just|until|till|before|after|once|when\w*|while|whereas|though|although|provided|should|instead|rather|almost|nearly|hardly|barely|rarely|seldom|too|least|most|more|less|fewer|than|within|approx\w*|refus\w*|den(?:y|i\w+)|declin\w*|reject\w*|forb\w+|prohibit\w*|prevent\w*|avoid\w*|stop\w*|fail\w*|unable|lack\w*|expir\w*|cancel\w*)$/
export const PERHAPS =
  /^(?:may|might|could|usually|normally|typically|generally|often|sometimes|mostly|perhaps)$/
/** In front of a number they are a part of it. */
export const BOUND =
  /^(?:up|to|over|under|above|below|about|around|between|per|every|each|by|from|minimum|maximum)$/
/** What stands on its other side belongs to something else. */
export const JOINING = /^(?:and|but)$/
/** Common, and of no other language that writes in these letters. */
export const ENGLISH = /^(?:the|and|you|your|with|from|this|that|when|have|must)$/
/** A point behind one of these ends no sentence. */
export const ABBREVIATED = /\b(?:e\.g|i\.e|etc|vs|approx|nos?|[md]rs?|st)\.$/i
