// The one door through which an address becomes a link, wherever it comes from: articles, agents, visitors,
// a host's HTML. Refuses by default: what it lets through is absolute, of four schemes, and written in one way.

const MAX_HREF_CHARS = 2_048

/** Control characters, white space, invisible and direction-changing characters, backslashes, `<>"` and `` ` ``. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  /[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\ufff0-\uffff\\<>"`]/
/** An entity that survived decoding hides something: nobody types `&#58;` into an address. */
const ENTITY = /&(?:#x?[\da-f]|colon;|tab;|newline;|sol;|bsol;|lpar;)/i
const SCHEME = /^(?:https?:\/\/[^/]|mailto:[^/]|tel:[+\d])/i

/**
 * The address to use for a link, or null when there must be no link.
 *
 * Allowed: `https`, `http`, `mailto`, `tel`, written out. Refused: relative addresses (a resolver turns those
 * into article links), user names in front of a host, and everything that only a trick would contain.
 * Calling it again on its own result changes nothing.
 */
export function safeLink(href: string): string | null {
  const wanted = href.trim()
  if (wanted.length > MAX_HREF_CHARS || !SCHEME.test(wanted)) return null
  if (FORBIDDEN.test(wanted) || ENTITY.test(wanted)) return null
  try {
    // The parser's own spelling, so that what was checked and what is opened cannot differ.
    const url = new URL(wanted)
    if (url.username || url.password) return null
    if (url.protocol === 'tel:' && !/^tel:[+\d][\d().;=\w-]*$/.test(url.href)) return null
    return url.href.length > MAX_HREF_CHARS ? null : url.href
  } catch {
    return null
  }
}
