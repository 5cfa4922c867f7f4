// Words of English that say little, as data. Apart from the rest of English, because examples, models and the search of
// passages are compared with and without it.

/** Beyond those of the search: how people open, close and soften a question in a chat. */
export const CHAT_WORDS = new Set(
  (
    'mine yours u ur he she am having shall may might must but here whom whose yes please pls hi hello hey thanks ' +
    "thank just also really very some got want need help know tell let make im i'm i've i'd don't dont can't cant " +
    "didn't isn't it's what's"
  ).split(' '),
)

/** They say little in a search, but tell "top up" from "top" (measured over outside questions). */
export const TELLING = /^(?:up|use|own)$/
