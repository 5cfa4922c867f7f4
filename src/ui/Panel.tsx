// The window: header, the current view, and where the keyboard is. A dialog beside the page on wide screens,
// a sheet over it on phones. Shows what panelModel says; article and conversation come as chunks of their own.

import type { ComponentType } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Home } from './Home'
import { BACK, CLOSE, Icon } from './icons'
import { NotLoaded } from './NotLoaded'
import { OnItsWay } from './StatusLine'
import type { Scope } from './scope'

/** Under this width or height the panel covers the page; panel.css says the same. */
export const SHEET_BELOW = '(max-width: 480px), (max-height: 480px)'

export function Panel({ scope, launcherButton }: { scope: Scope; launcherButton: HTMLElement }) {
  const { panel, texts } = scope
  const dialog = useRef<HTMLDivElement>(null)
  const { name, dir, locale } = panel.settings.value
  const isOpen = panel.isOpen.value
  const isSheet = useIsSheet(dialog)
  const aside = scope.aside.value
  const view = aside?.over === panel.view.value ? 'aside' : panel.view.value
  const shown = useRef({ isOpen, view })
  const leave = () => {
    scope.aside.value = null
  }

  useLayoutEffect(() => {
    const was = shown.current
    shown.current = { isOpen, view }
    if (!isOpen || view !== 'aside') leave()
    // The first render is no move of the visitor's: a panel that was open before a reload takes no focus.
    if (isOpen && (!was.isOpen || was.view !== view)) focusView(dialog.current)
    if (!isOpen && was.isOpen && isFocusLost(dialog.current)) launcherButton.focus()
  }, [isOpen, view])

  const loadKept = () =>
    import('./KeptView').then(({ KeptView, words }) => {
      panel.addTexts(words)
      return KeptView
    })
  const showKept = () => {
    scope.aside.value = { over: 'home', load: loadKept }
  }
  const close = () => {
    launcherButton.focus()
    panel.close()
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (event.key === 'Tab' && isSheet && dialog.current) keepInside(event, dialog.current)
  }

  return (
    <div
      ref={dialog}
      class="panel"
      part="panel"
      role="dialog"
      aria-labelledby="panel-title"
      aria-modal={isSheet || undefined}
      tabIndex={-1}
      hidden={!isOpen}
      onKeyDown={press}
    >
      {/* The window stands on the page's side of things, like the launcher; its words run their own way. */}
      <div class="inside" dir={dir} lang={locale}>
        {/* Not <header>: in a dialog it would be a second banner of the page. */}
        <div class="bar" part="header">
          {view !== 'home' && (
            <button
              type="button"
              class="round"
              aria-label={texts('panel.back')}
              onClick={() => (view === 'aside' ? leave() : panel.back())}
            >
              <Icon d={BACK} flips />
            </button>
          )}
          <h2 id="panel-title">{texts('panel.title', { name })}</h2>
          <button type="button" class="round" part="close" aria-label={texts('panel.close')} onClick={close}>
            <Icon d={CLOSE} />
          </button>
        </div>
        {view === 'home' ? (
          <Home scope={scope} onKept={showKept} />
        ) : view === 'aside' && aside ? (
          <Later
            key="aside"
            scope={scope}
            load={aside.load}
            kind="article"
            loading="search.stalled"
            failed="launcher.failed"
          />
        ) : view === 'article' ? (
          <Later
            key="article"
            scope={scope}
            load={() => scope.parts.loadArticleView().then(part => part.ArticleView)}
            kind="article"
          />
        ) : (
          <Conversation key="conversation" scope={scope} />
        )}
      </div>
    </div>
  )
}

function Conversation({ scope }: { scope: Scope }) {
  const { panel, texts } = scope
  if (panel.conversationStatus.value === 'failed')
    return <NotLoaded scope={scope} text={texts('chat.failed')} retry={() => void panel.ask()} />
  if (!panel.conversation.value) return <OnItsWay kind="chat" scope={scope} text={texts('chat.loading')} />
  return (
    <Later
      scope={scope}
      load={() => scope.parts.loadConversationView().then(part => part.ConversationView)}
      kind="chat"
    />
  )
}

interface LaterProps {
  scope: Scope
  load(): Promise<ComponentType<{ scope: Scope }>>
  kind: 'article' | 'chat'
  /** Other words than those of its kind. */
  loading?: string
  failed?: string
}

/** A view whose chunk is on its way, or did not come and can be asked for again. */
function Later({ scope, load, kind, loading = `${kind}.loading`, failed = `${kind}.failed` }: LaterProps) {
  const [part, setPart] = useState<{ View?: ComponentType<{ scope: Scope }>; hasFailed?: true }>({})
  const fetchPart = () => {
    setPart({})
    load().then(
      View => setPart({ View }),
      () => setPart({ hasFailed: true }),
    )
  }
  useLayoutEffect(fetchPart, [])
  const { View, hasFailed } = part
  if (View) return <View scope={scope} />
  const { texts } = scope
  if (hasFailed) return <NotLoaded scope={scope} text={texts(failed)} retry={fetchPart} />
  return <OnItsWay kind={kind} scope={scope} text={texts(loading)} />
}

/**
 * Is the panel a sheet now? Also keeps it within what can be seen: iOS shrinks only the visual viewport for its
 * keyboard, and a page that is wider than the phone makes the layout viewport wider than the screen.
 */
function useIsSheet(dialog: { readonly current: HTMLDivElement | null }): boolean {
  const [isSheet, setIsSheet] = useState(false)
  useEffect(() => {
    const view = dialog.current?.ownerDocument.defaultView
    if (!view) return
    const query = view.matchMedia(SHEET_BELOW)
    const port = view.visualViewport
    const measure = () => {
      setIsSheet(query.matches)
      // Beside the page nothing goes by them, and each change makes the browser look at all styles in here.
      if (!port || !dialog.current || !query.matches) return
      const { offsetTop, offsetLeft, width, height } = port
      dialog.current.style.cssText = `--sheet-top:${offsetTop}px;--sheet-left:${offsetLeft}px;--sheet-width:${width}px;--sheet-height:${height}px`
    }
    measure()
    const stop = new AbortController()
    query.addEventListener('change', measure, stop)
    port?.addEventListener('resize', measure, stop)
    port?.addEventListener('scroll', measure, stop)
    return () => stop.abort()
  }, [])
  return isSheet
}

/** The view's own first place, or the panel itself until the view is there. */
export function focusView(dialog: HTMLElement | null) {
  const target = dialog?.querySelector<HTMLElement>('[data-focus]') ?? dialog
  target?.focus({ preventScroll: true })
}

/** Hiding the panel leaves the focus nowhere; if the visitor is at work elsewhere on the page, it is left alone. */
function isFocusLost(dialog: HTMLElement | null): boolean {
  if (!dialog) return false
  const { activeElement, body } = dialog.ownerDocument
  const host = (dialog.getRootNode() as ShadowRoot).host
  return !activeElement || activeElement === body || activeElement === host
}

function keepInside(event: KeyboardEvent, dialog: HTMLElement) {
  const stops = [
    ...dialog.querySelectorAll<HTMLElement>('a[href],button,input,textarea,[tabindex="0"]'),
  ].filter(stop => !stop.hasAttribute('disabled') && stop.checkVisibility?.() !== false)
  const focused = (dialog.getRootNode() as ShadowRoot).activeElement
  const [first, last] = [stops[0], stops.at(-1)]
  const [edge, other] = event.shiftKey ? [first, last] : [last, first]
  // A title that was led to is no stop of its own: it may stand behind the last one.
  const isBeyond =
    focused && edge && !stops.includes(focused as HTMLElement)
      ? Boolean(edge.compareDocumentPosition(focused) & (event.shiftKey ? 2 : 4))
      : false
  if (focused !== edge && focused !== dialog && !isBeyond) return
  event.preventDefault()
  other?.focus()
}
