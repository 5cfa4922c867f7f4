// How the question in the search field goes on, as pale text behind it; an arrow, End or a tap takes it over. Chunk of
// its own, fetched at the first key. Owns nothing: what stands there is told from the query and the rows that each
// render finds, so that it is never that of an earlier key. Refuses Tab: people leave the field with it.

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { completionOf } from '../search/completion'
import css from './completion.css?inline'
import type { Scope } from './scope'
import { useChunk } from './useChunk'

/** A tap so near to the caret is meant for the caret. In CSS pixels. */
const CARET_ROOM = 12
/** What a finger meets, however short the completion. In CSS pixels. */
const FINGER = 44
/** A host may have set the field's own (`::part(search)`). */
const METRICS = ['font-family', 'font-size', 'font-weight', 'font-style', 'letter-spacing', 'word-spacing']
const LOOKS = ['input', 'keyup', 'click', 'select', 'selectionchange', 'compositionstart', 'compositionend']

export interface CompletionProps {
  readonly scope: Scope
  readonly field: { readonly current: HTMLInputElement | null }
}

const loadWhy = () => import('./Why')

/** Why the list is as it is: fetched beside this chunk, and not there without it. */
export function WhyThese({ scope }: { readonly scope: Scope }) {
  const why = useChunk(scope, loadWhy)
  return why ? <why.WhyThese scope={scope} /> : null
}

export function Completion({ scope, field }: CompletionProps) {
  const { search } = scope.panel
  const ghost = useRef<HTMLDivElement>(null)
  const wasThere = useRef(false)
  const [, look] = useReducer<number, unknown>(count => count + 1, 0)
  const query = search.query.value
  const rows = search.suggestions.value
  const row = rows[search.active.value]
  const input = field.current
  // One key is looked at several times: as input, as a move of the caret, and when it is let go.
  const wayOn = useMemo(() => completionOf(query, row ? [row] : rows), [query, rows, row])
  // While an input method composes, the field is ahead of the query.
  const [scrolled, setScrolled] = useState('')
  const rest = input && scrolled !== query && isAtEnd(input, query) ? wayOn : ''
  const isRtl = RTL.test(query)

  // What only a layout tells is asked once the list is painted: before, it would make one of a list half done. Until
  // then words that scroll lose nothing, for theirs is cut at the edge of the field where it would begin.
  useEffect(() => {
    if (input && rest) setScrolled(isScrolled(input) ? query : '')
  }, [query, rest])

  useLayoutEffect(() => {
    scope.addStyles(css)
    for (const type of LOOKS) input?.addEventListener(type, look)
    return () => {
      for (const type of LOOKS) input?.removeEventListener(type, look)
    }
  }, [])

  useLayoutEffect(() => {
    if (!input || !rest) return
    const own = getComputedStyle(input)
    for (const name of METRICS) ghost.current?.style.setProperty(name, own.getPropertyValue(name))

    const accept = () => {
      const whole = query + rest
      // As if it had been typed, so that it can be undone and the field scrolls to the caret; and by itself, since
      // browsers undo as one what was typed without a move of the caret.
      input.setSelectionRange(0, 0)
      input.setSelectionRange(query.length, query.length)
      input.ownerDocument.execCommand('insertText', false, rest)
      if (input.value !== whole) search.type(whole)
      // The pale text is hidden from screen readers, so they are told what the key did.
      scope.announce(whole)
    }
    const press = (event: KeyboardEvent) => {
      const { key } = event
      if (key !== 'End' && key !== (isRtl ? 'ArrowLeft' : 'ArrowRight')) return
      if (event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
      if (!isAtEnd(input, query) || isScrolled(input)) return
      event.preventDefault()
      accept()
    }
    const touch = () => {
      wasThere.current = (input.getRootNode() as ShadowRoot).activeElement === input
    }
    // On the field, not on the pale text: every tap does to the caret what it always does.
    const tap = ({ clientX }: MouseEvent) => {
      const place = ghost.current?.lastElementChild?.getBoundingClientRect()
      if (!place || !wasThere.current || !isAtEnd(input, query) || isScrolled(input)) return
      const away = isRtl ? place.right - clientX : clientX - place.left
      if (away >= CARET_ROOM && away <= CARET_ROOM + Math.max(place.width, FINGER)) accept()
    }
    input.addEventListener('keydown', press)
    input.addEventListener('pointerdown', touch)
    input.addEventListener('click', tap)
    return () => {
      input.removeEventListener('keydown', press)
      input.removeEventListener('pointerdown', touch)
      input.removeEventListener('click', tap)
      wasThere.current = false
    }
  }, [query, rest])

  return rest ? (
    <div class="ghost" part="completion" aria-hidden="true">
      <div dir={isRtl ? 'rtl' : 'ltr'} ref={ghost}>
        <span class="typed">{query}</span>
        <span>{rest}</span>
      </div>
    </div>
  ) : null
}

/** The first letter with a direction has a right-to-left one: what `unicode-bidi: plaintext` goes by. */
const RTL = /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Nothing is being composed, and the caret is at the end. */
function isAtEnd(input: HTMLInputElement, query: string): boolean {
  return input.value === query && input.selectionStart === query.length
}

/** Not all that was typed can be seen. */
const isScrolled = (input: HTMLInputElement) => input.scrollWidth > input.clientWidth
