// Which errors a page shows: what it says to be one. Marked for us, said of an invalid field in the terms of ARIA and of
// form validation, or an alert whose English words tell of a failure. Not every alert: libraries give `role=alert` to
// each notice, "Your changes were saved." too. Class names are not guessed from (`.error`, `.is-danger`): they name
// looks, differ with each library and each build of it, and stand on pages where nothing is wrong. Refuses what people
// type: no text of fields, and never our own window. Masks nothing: what leaves the page goes through `pageSignals`.

/** Longer than this is a region of the page and no message. It is not cut. */
const MAX_RAW_CHARS = 2_000
/** Of each kind. A form with more invalid fields tells nothing more. */
const MAX_ELEMENTS = 5

/** Inside `:is`, what an older browser does not know is passed over instead of thrown at. */
const INVALID = ':is([aria-invalid=true],:user-invalid)'
/** What people type or press, what is code or decoration, and this assistant. */
const UNREAD =
  'input,textarea,select,datalist,button,[role=button],[role=textbox],[contenteditable]:not([contenteditable=false]),script,style,template,svg,[aria-hidden=true],asklet-root,asklet-assistant,[data-asklet]'

/** The language of a page that names none is taken for English, as in its other facts. */
const ENGLISH_ALERT = ':root:not([lang]) [role=alert],[role=alert]:lang(en)'
/**
 * English words of failure: first those that say one wherever they stand, then those that after a success only say
 * what comes next ("Account created. You must confirm it."). Not after "no" ("no errors"), nor in what might happen
 * ("If you did not get it …", "When the limit is reached …") or is asked for ("Do not close …").
 */
const FAILURE =
  /(?<!\bno (\w+ )?)(\b(missing|denied|failure|(restrict|suspend|reject|limit|block|expir|declin|refus|lock|exceed|fail|delay)ed|fail|wrong|invalid|incorrect|unavailable|error|unable|(could|was|were) ?n[o'’]t|(?<!\b(if|when|once|until) [^.!]*)(limit (is |was |has been )?reached|reached (\w+ ){1,3}limit|belongs to another (\w+ )?account))|(n[o'’]t|\b(required|must|try again|no (?!err|prob)(\w+ )+(found|fit|left)|too many|problem|(?<!\b(if|when|once) [^.!]*)can no longer(?! than)))(?<!\b(saved|updated|done|created|sent|success|added).*[.!] .*))s?\b(?<!(\bif\b|(^|\. |please )do ?n[o'’]t)[^.!]*)/i

/**
 * Visible error texts, each once, in one line and as the page has them: what the host marked, then alerts that tell of
 * a failure, the last one first, then what stands beside invalid fields.
 */
export function shownErrors(document: Document): string[] {
  // One attribute at a time: that is four times as fast as a list of selectors, and as `:user-invalid` by itself.
  const all = (selector: string) => [...document.querySelectorAll(selector)]
  const beside = (attribute: string) =>
    all(`[${attribute}]`)
      .filter(field => field.matches(INVALID))
      .slice(0, MAX_ELEMENTS)
      .flatMap(field => field.getAttribute(attribute)?.split(/\s+/) ?? [])
      .map(id => textOf(document.getElementById(id)))
  const texts = [
    ...all('meta[name="asklet:error"]').map(meta => meta.getAttribute('content') ?? ''),
    ...all('[data-asklet-error]')
      .slice(0, MAX_ELEMENTS)
      .map(marked => (isShown(marked) && marked.getAttribute('data-asklet-error')) || textOf(marked)),
    // Notices are appended: the last one came last.
    ...all(ENGLISH_ALERT)
      .slice(-MAX_ELEMENTS)
      .reverse()
      .map(textOf)
      .filter(text => FAILURE.test(oneLine(text))),
    ...beside('aria-errormessage'),
    ...beside('aria-describedby'),
  ]
  return [...new Set(texts.map(oneLine))].filter(Boolean)
}

/** What a reader sees of a message; '' when it is not shown, or none. */
function textOf(element: Element | null): string {
  const isMessage = element && !element.closest(UNREAD) && (element.textContent ?? '').length <= MAX_RAW_CHARS
  if (!isMessage) return ''
  // A box of a pixel is for screen readers only: routers announce titles in an alert of that kind.
  const { width, height } = element.getBoundingClientRect()
  return width > 1 && height > 1 ? shownText(element) : ''
}

function shownText(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? ''
  if (!(node instanceof Element) || node.matches(UNREAD) || !isShown(node)) return ' '
  const text = Array.from(node.childNodes, shownText).join('')
  // Parts of a word, or of an address that must be masked, may stand in elements of their own.
  return getComputedStyle(node).display === 'inline' ? text : ` ${text} `
}

const isShown = (element: Element) =>
  element.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true

export const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
