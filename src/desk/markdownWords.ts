// Words of somebody else, put where an agent writes Markdown: a visitor's name, a slot's value, a sentence of an
// article. Pure. Whatever they are, they are said as words: no link, no emphasis, no heading and no list of theirs is
// spoken by the agent.

/** Signs that are marks wherever they stand. */
const MARKS = /[\\`*_[\]<>~|]/g
/** What is made a link of though nobody marked it as one: an address of the web, an address of e-mail. */
const LINKS = /:(?=\/\/)|(?<=www)\.|@/gi
/** `&lt;` is five letters that somebody typed. */
const ENTITIES = /&(?=#?\w+;)/g
/** What makes a heading, a list, a rule or a table at the beginning of a line; some of it by underlining the line before. */
const BEGINNING = /^(?:[#+=:-]|\d{1,9}(?=[.)]))/

/** `text` on one line, as Markdown that says just that. */
export function markdownWords(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim().replace(MARKS, '\\$&')
  return words
    .replace(LINKS, '\\$&')
    .replace(ENTITIES, '\\$&')
    .replace(BEGINNING, sign => (/\d/.test(sign) ? `${sign}\\` : `\\${sign}`))
}
