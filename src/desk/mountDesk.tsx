// Puts the desk into an element of a page: carriers, storage, model, styles, sign-in link and title.
// The one place of the desk that knows the window. Unmounting leaves nothing.

import { effect } from '@preact/signals'
import { render } from 'preact'
import { createEnvironment } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { openKeyedStore } from '../base/keyedStore'
import { safeStorage } from '../base/safeStorage'
import { createAttachmentsModel } from '../live/attachmentsModel'
import { createSocketTransport } from '../live/socketTransport'
import { DESK_NAMESPACE, HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import type { DeskCalls } from '../protocol/wire'
import { createRemoteSearch } from '../search/remoteSearch'
import { styles as filesCss } from '../ui/Files'
import tokensCss from '../ui/tokens.css?inline'
import { createDeskAccount } from './account'
import { createBell } from './bell'
import { Desk } from './Desk'
import deskCss from './desk.css?inline'
import { createDeskModel, type DeskModel } from './deskModel'
import { type DeskScope, newsText } from './scope'
import { createDeskLanguage, deskLocale } from './texts'
import { createTitleNotice } from './titleNotice'

/** A desk in English is better than an empty window. */
const WORDS_WITHIN_MS = 1_500

export interface DeskOptions {
  /**
   * Where the help desk listens, e.g. `https://help.example.com`; the page's own origin unless set. It must be on
   * the page's own host: the session is a cookie, and the server lets no other origin to the desk.
   */
  readonly server?: string
}

export interface MountedDesk {
  unmount(): void
}

/**
 * The agents' window in `element`, which it fills. The page needs no inline style or script:
 * `default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'` is enough.
 */
export function mountDesk(element: HTMLElement, options: DeskOptions = {}): MountedDesk {
  const page = element?.ownerDocument?.defaultView
  if (!page)
    throw new AskletError(
      'no_browser',
      `mountDesk needs an element of a page that is shown, got ${describe(element)}. Call it in a browser, after the element exists.`,
    )
  const env = createEnvironment()
  const server = (options.server ?? '').replace(/\/+$/, '')
  const tabStore = safeStorage(() => page.sessionStorage)
  const desk = createDeskModel({
    env,
    account: createDeskAccount(server, env),
    createTransport: () =>
      createSocketTransport<DeskCalls>({
        environment: env,
        url: server,
        namespace: DESK_NAMESPACE,
        // The cookie proves who it is; the handshake only says which dialect is spoken.
        auth: async () => ({ v: PROTOCOL_VERSION }),
        probe: { name: 'queue', body: { v: PROTOCOL_VERSION } },
      }),
    openStore: () => openKeyedStore(indexedDbOf(page), 'asklet-desk', env.after),
    // None where the page is not served safely.
    ...(page.navigator.locks && { locks: page.navigator.locks }),
    deviceStore: safeStorage(() => page.localStorage),
    search: createRemoteSearch({ url: server }),
    tabStore,
    createFiles: (conversationId, agentId, fileUrls) =>
      createAttachmentsModel({
        environment: env,
        conversationId,
        owner: agentId,
        base: `${server}${HTTP_PREFIX}/`,
        path: 'desk/upload',
        withCookie: server !== '',
        // The cookie says who it is.
        headers: async () => ({}),
        fileUrls,
        tab: tabStore,
      }),
  })
  const unmountView = mountDeskView(element, desk)

  const takeLink = () => {
    const token = takeSignInLink(page)
    if (token) void desk.signIn({ link: token })
    return token !== null
  }
  page.addEventListener('hashchange', takeLink)
  if (!takeLink()) void desk.begin()

  return {
    unmount() {
      page.removeEventListener('hashchange', takeLink)
      unmountView()
      desk.dispose()
    },
  }
}

/**
 * The face alone, over a model that somebody else drives; `mountDesk` and tests of the face use it.
 *
 * @param locale  before what the agent chose and what the browser says
 */
export function mountDeskView(element: HTMLElement, desk: DeskModel, locale?: string): () => void {
  const document = element.ownerDocument
  const language = createDeskLanguage()
  const { texts } = language
  const scope: DeskScope = {
    desk,
    texts,
    get locale() {
      return language.locale.value
    },
  }
  const ownDirection = element.getAttribute('dir')
  const ownLanguage = element.getAttribute('lang')
  const root = element.getRootNode() as Document | ShadowRoot
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(tokensCss + deskCss + filesCss)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  element.classList.add('asklet-desk')
  let isGone = false
  let isDrawn = false
  const draw = () => {
    if (isGone || isDrawn) return
    isDrawn = true
    render(<Desk scope={scope} />, element)
  }
  const chosenLocale = () =>
    deskLocale([
      ...[locale ?? desk.workplace.value?.preferences.language.value ?? ''].filter(Boolean),
      ...(document.defaultView?.navigator.languages ?? []),
    ])
  const stopLanguage = effect(() => {
    void language.use(chosenLocale()).then(draw)
  })
  const stopDirection = effect(() => {
    element.lang = language.locale.value
    element.dir = language.dir.value
  })
  // Nobody sees English first where their own words are near; where they are not, English it is.
  const late = setTimeout(draw, WORDS_WITHIN_MS)
  if (/^en\b/.test(chosenLocale())) draw()

  const ownTitle = document.title
  const noticed = createTitleNotice(document, desk.news)
  const stopTitle = effect(() => {
    const count = desk.attention.value
    const news = noticed.news.value
    const said = news && newsText(texts, news)
    const title = said ? `${said} ${ownTitle}` : ownTitle
    document.title = count > 0 ? `(${count}) ${title}` : title
  })
  const bell = document.defaultView && createBell(document.defaultView)
  let rungFor = desk.news.value?.number ?? 0
  const stopRinging = effect(() => {
    const news = desk.news.value
    const isWanted = desk.workplace.value?.preferences.hasSound.value
    if (!news || news.number === rungFor) return
    rungFor = news.number
    if (isWanted) bell?.ring()
  })
  return () => {
    isGone = true
    clearTimeout(late)
    stopLanguage()
    stopDirection()
    for (const [name, value] of [
      ['dir', ownDirection],
      ['lang', ownLanguage],
    ] as const)
      if (value === null) element.removeAttribute(name)
      else element.setAttribute(name, value)
    stopRinging()
    bell?.dispose()
    noticed.dispose()
    stopTitle()
    document.title = ownTitle
    render(null, element)
    element.classList.remove('asklet-desk')
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter(each => each !== sheet)
  }
}

/** Out of the address bar, the history and the next `Referer` before anything else happens. */
function takeSignInLink(page: Window): string | null {
  const token = new URLSearchParams(page.location.hash.slice(1)).get('sign-in')
  if (!token) return null
  const { pathname, search } = page.location
  page.history.replaceState(page.history.state, '', pathname + search)
  return token
}

function indexedDbOf(page: Window & typeof globalThis): IDBFactory | undefined {
  try {
    return page.indexedDB
  } catch {
    return undefined
  }
}
