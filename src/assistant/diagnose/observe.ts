// What can be seen of an installation from inside its page: asks the page and the addresses that the assistant asks,
// tries the storages, presses keys in a field of its own, looks at tag and launcher. Judges nothing (`findings` does),
// changes nothing that stays: what it writes to try a storage is taken away at once.

import type { Environment } from '../../base/environment'
import { type Consent, refusesTracking } from '../../context/consent'
import { tokenOf, type VisitorInput } from '../../context/visitor'
import { parseManifest, pickLocale } from '../../knowledge/manifest'
import { checkConfig } from '../../protocol/config'
import { neededSources } from '../../protocol/sources'
import { HTTP_PREFIX } from '../../protocol/version'
import type { Observations, Reached } from './findings'
import { probeKeys } from './keyProbe'
import { isBlocked, originOf, type Violation } from './pagePolicy'
import { spareNames } from './spareNames'
import { oddAttributes } from './tagAttributes'

export interface DiagnoseDeps {
  readonly environment: Environment
  /** The configuration's address, or what was given instead of one. */
  readonly config: { readonly url: string } | { readonly value: unknown }
  /** What addresses of the configuration are relative to. */
  readonly base: string
  /** The page's function, `Asklet` unless named. */
  readonly global: string
  readonly locale: string
  readonly consent: Consent
  readonly visitor: VisitorInput
  /** What opens help in the place of our button: a selector, an element; `false`: nothing does. */
  readonly launcher?: string | Element | false | undefined
  /** What the launcher stands in; absent where there is no face. */
  readonly root?: ShadowRoot | undefined
}

/** A browser that never answers. Milliseconds. */
const GIVE_UP_AFTER_MS = 6_000
/** Reports of a policy come a task after what they are about. Milliseconds. */
const REPORTS_AFTER_MS = 100

const plain = (url: string) => url.replace(/[?#].*/, '')

/** @throws never: what cannot be seen is left out */
export async function observe(deps: DiagnoseDeps, page: Window & typeof globalThis): Promise<Observations> {
  const { environment, visitor } = deps
  const { document, location } = page
  const violations: Violation[] = []
  const noteViolation = (event: SecurityPolicyViolationEvent) => {
    // Ours may have asked for the page itself, which nobody else has to.
    if (plain(event.blockedURI) === plain(location.href)) return
    violations.push({
      directive: event.effectiveDirective,
      blocked: event.blockedURI,
      isEnforced: event.disposition === 'enforce',
      policy: event.originalPolicy,
    })
  }
  document.addEventListener('securitypolicyviolation', noteViolation)
  const wait = (ms: number) => new Promise<void>(resolve => void environment.after(ms, resolve))
  const within = <T>(ms: number, work: Promise<T>, otherwise: T) =>
    Promise.race([work.catch(() => otherwise), wait(ms).then(() => otherwise)])

  const reached: Reached[] = []
  const through = new Set<string>()
  let skewMs: number | null = null
  /** Asks as the assistant does, past the caches. */
  const ask = async (
    name: Reached['name'],
    url: string,
    headers: Record<string, string> = {},
  ): Promise<{ readonly json: unknown; readonly status: number }> => {
    const started = environment.now()
    const isOwn = new URL(url).origin === location.origin
    let response: Response
    try {
      const request = environment.fetch(url, {
        credentials: isOwn ? 'same-origin' : 'omit',
        cache: 'no-store',
        headers,
      })
      response = await Promise.race([
        request,
        wait(GIVE_UP_AFTER_MS).then(() => Promise.reject(new Error('no answer'))),
      ])
    } catch {
      const isThere = await within(
        GIVE_UP_AFTER_MS,
        environment.fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' }).then(() => true),
        false,
      )
      await wait(REPORTS_AFTER_MS)
      const outcome = isBlocked(violations, url) ? 'csp' : isThere ? 'cors' : 'unreachable'
      reached.push({ name, url: plain(url), outcome, status: 0, holds: 'other' })
      return { json: undefined, status: 0 }
    }
    through.add(originOf(url))
    const said = Date.parse(response.headers.get('date') ?? '')
    const age = Number(response.headers.get('age') ?? 0) * 1_000
    // The server's is the one that checks tokens; of any other, the first that says the time.
    if (Number.isFinite(said) && (skewMs === null || name === 'server'))
      skewMs = (started + environment.now()) / 2 - (said + age)
    const text = await response.text().catch(() => '')
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      json = undefined
    }
    const holds = json !== undefined ? 'json' : text.trimStart().startsWith('<') ? 'html' : 'other'
    reached.push({ name, url: plain(url), outcome: 'answered', status: response.status, holds })
    return { json: response.ok ? json : undefined, status: response.status }
  }

  const enforced: string[] = []
  const reportOnly: string[] = []
  const readPolicy = async () => {
    const response = await environment.fetch(location.href, { credentials: 'same-origin', cache: 'no-store' })
    const inForce = response.headers.get('content-security-policy')
    const reported = response.headers.get('content-security-policy-report-only')
    if (inForce) enforced.push(inForce)
    if (reported) reportOnly.push(reported)
  }
  await within(GIVE_UP_AFTER_MS, readPolicy(), undefined)
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[http-equiv]'))
    if (meta.httpEquiv.toLowerCase() === 'content-security-policy') enforced.push(meta.content)

  // ---- configuration and what it names
  const given = 'url' in deps.config ? (await ask('configuration', deps.config.url)).json : deps.config.value
  const file = Object(given) as Record<string, unknown>
  const configProblems = given === undefined ? [] : checkConfig(given)
  const address = (value: unknown): string | null =>
    typeof value === 'string' && URL.canParse(value, deps.base) ? new URL(value, deps.base).href : null
  const server = address(file.server)?.replace(/\/$/, '') ?? null
  const there = { locales: [] as string[], roles: [] as string[] }
  const manifestUrl = address(file.knowledge)
  if (manifestUrl) {
    const { json } = await ask('manifest', manifestUrl)
    try {
      if (json === undefined) throw undefined
      const manifest = parseManifest(json)
      there.locales = manifest.locales.map(({ locale }) => locale)
      there.roles = manifest.roles ?? []
      const picked = pickLocale(manifest, deps.locale)
      if (picked) await ask('index', new URL(picked.index, manifestUrl).href)
    } catch {
      // What came instead is in `reached`; a manifest of another kind is no JSON that can be used.
      const last = reached.pop()
      if (last) reached.push(json === undefined ? last : { ...last, holds: 'other' })
    }
  }
  let socket: Observations['socket'] = null
  let tokenProblem: string | null = null
  if (server !== null) {
    await ask('server', `${server}${HTTP_PREFIX}/health`)
    const url = `${server.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
    const isOpen = await within(GIVE_UP_AFTER_MS, opens(page, url), false)
    if (isOpen) through.add(originOf(url))
    await wait(REPORTS_AFTER_MS)
    socket = { url: plain(url), isOpen, isPolicy: isBlocked(violations, url) }
    let token: string | null = null
    try {
      token = await tokenOf(visitor)
    } catch (error) {
      // Its sentence is the host's own, and may hold the token.
      tokenProblem = `the function given to identify failed (${error instanceof Error ? error.name : typeof error})`
    }
    if (token && visitor.role) {
      const folder = `${server}${HTTP_PREFIX}/knowledge/${encodeURIComponent(visitor.role)}`
      const { status } = await ask('private articles', `${folder}/manifest.json`, { 'x-asklet-token': token })
      if (status === 401 || status === 403) tokenProblem = `the server answered ${status} to the token`
      // That a role has none, or that the token is the trouble, is no trouble of the address.
      if ([401, 403, 404].includes(status)) reached.pop()
    }
  }

  // ---- parts
  const failedChunks: { name: string; reason: string }[] = []
  const parts = {
    conversation: () => import('../conversationParts'),
    ...(server !== null && {
      'conversations with people': () => import('../../live/startLive'),
      'the WebSocket': () => import('../../live/socketTransport'),
    }),
  }
  for (const [name, load] of Object.entries(parts))
    await load().catch(error => failedChunks.push({ name, reason: String(error?.message ?? error) }))

  const chunks = import.meta.url
  const needed = neededSources({
    page: location.href,
    scripts: chunks,
    config: 'url' in deps.config ? deps.config.url : null,
    file,
  })
  const storage = {
    localStorage: tryStorage(() => page.localStorage),
    sessionStorage: tryStorage(() => page.sessionStorage),
    IndexedDB: await within(GIVE_UP_AFTER_MS, tryDatabase(page), 'refused' as const),
  }
  await wait(REPORTS_AFTER_MS)
  document.removeEventListener('securitypolicyviolation', noteViolation)
  const loader = (page as unknown as Record<string, { version?: unknown } | undefined>)[deps.global]?.version
  const contact = Object(file.contact) as { email?: unknown; phone?: unknown }
  return {
    page: plain(location.href),
    isSecure: page.isSecureContext,
    isForeignFrame: isInForeignFrame(page),
    lacks: lacksOf(page),
    version: { chunks: __VERSION__, loader: typeof loader === 'string' ? loader : null },
    tags: tagsOf(document),
    spareNames: spareNames(document),
    hiddenBecause: deps.root ? whyHidden(page, deps.root) : null,
    hostButtons: deps.root && deps.launcher ? hostButtons(document, deps.launcher) : null,
    isEnabled: file.enabled !== false,
    configProblems,
    configSource: 'url' in deps.config ? plain(deps.config.url) : 'options.config',
    hasPeople: server !== null,
    // Of a configuration that did not come nobody knows.
    hasContact: given === undefined || Boolean(contact.email || contact.phone),
    reached,
    socket,
    failedChunks,
    locales: { wanted: deps.locale, there: there.locales },
    roles: { wanted: visitor.role ?? null, there: there.roles },
    tokenProblem,
    skewMs,
    storage,
    consent: deps.consent,
    hasJournal: file.journal === true,
    refusesTracking: refusesTracking(page),
    keys: deps.root ? probeKeys(deps.root) : { taken: [], heard: [] },
    policy: { enforced, reportOnly, needed, through: [...through], violations },
  }
}

/** Only the handshake: nobody joins anything, and it is closed at once. */
function opens(page: Window & typeof globalThis, url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = new page.WebSocket(url)
    socket.onopen = () => {
      resolve(true)
      socket.close()
    }
    socket.onerror = socket.onclose = () => resolve(false)
  })
}

function tryStorage(find: () => Storage): 'works' | 'refused' | 'full' {
  const key = 'asklet:probe'
  try {
    const storage = find()
    storage.setItem(key, '1')
    storage.removeItem(key)
    return 'works'
  } catch (error) {
    return (error as DOMException)?.name === 'QuotaExceededError' ? 'full' : 'refused'
  }
}

async function tryDatabase(page: Window): Promise<'works' | 'refused' | 'full'> {
  const { quota } = (await page.navigator.storage?.estimate?.().catch(() => null)) ?? {}
  if (quota === 0) return 'full'
  const name = 'asklet-probe'
  return new Promise(resolve => {
    const request = page.indexedDB.open(name)
    request.onsuccess = () => {
      request.result.close()
      page.indexedDB.deleteDatabase(name)
      resolve('works')
    }
    request.onerror = request.onblocked = () => resolve('refused')
  })
}

function isInForeignFrame(page: Window): boolean {
  try {
    return page.top !== page && page.top?.location.origin !== page.location.origin
  } catch {
    return true
  }
}

function lacksOf(page: Window & typeof globalThis): Observations['lacks'] {
  const has = (name: string, loses: string, isThere: () => unknown, isNeeded = false) => {
    try {
      return isThere() ? [] : [{ name, loses, isNeeded }]
    } catch {
      return [{ name, loses, isNeeded }]
    }
  }
  return [
    ...has('adoptedStyleSheets', '', () => 'adoptedStyleSheets' in page.document, true),
    ...has('color-mix()', '', () => page.CSS.supports('color', 'color-mix(in srgb, red, blue)'), true),
    ...has('Array.prototype.findLastIndex', '', () => 'findLastIndex' in Array.prototype, true),
    ...has(
      'navigator.locks',
      'each tab has a connection of its own',
      () => page.navigator.locks || !page.isSecureContext,
    ),
    ...has('BroadcastChannel', 'tabs do not hear of each other', () => page.BroadcastChannel),
    ...has('Intl.PluralRules', 'numbers stand with the wrong form of a word', () => Intl.PluralRules),
  ]
}

function tagsOf(document: Document): Observations['tags'] {
  return [...document.querySelectorAll<HTMLScriptElement>('script[src]')]
    .filter(({ src }) => /(^|\/)asklet(\.min)?\.js$/.test(plain(src)))
    .map(({ src, type, dataset }) => ({
      src: plain(src),
      isModule: type === 'module',
      global: dataset.global || 'Asklet',
      odd: oddAttributes(dataset),
    }))
}

/** Why the launcher cannot be seen or pressed, in words. */
function whyHidden(page: Window, root: ShadowRoot): string | null {
  const { host: element } = root
  // Out of the page where a button of the page's own stands in for it.
  const button = root.querySelector('.launcher')
  if (!element.isConnected) return 'its element is not in the document any more'
  if ((element as HTMLElement).hidden) return '<asklet-root> has the attribute hidden'
  if (!button) return null
  for (const each of [element, button]) {
    const { display, visibility, opacity, pointerEvents } = page.getComputedStyle(each)
    const name = each === element ? '<asklet-root>' : 'the button'
    if (display === 'none') return `${name} has display: none`
    if (visibility !== 'visible') return `${name} has visibility: ${visibility}`
    if (Number(opacity) < 0.1) return `${name} has opacity: ${opacity}`
    if (each === button && pointerEvents === 'none') return `${name} has pointer-events: none`
  }
  const { left, top, width, height } = button.getBoundingClientRect()
  if (width < 1 || height < 1) return `the button is ${width} by ${height} pixels`
  const [x, y] = [left + width / 2, top + height / 2]
  if (x < 0 || y < 0 || x > page.innerWidth || y > page.innerHeight) return 'the button is outside the window'
  const over = page.document.elementFromPoint(x, y)
  if (!over || over === element || element.contains(over)) return null
  const named = over.id ? `#${over.id}` : [...over.classList].map(name => `.${name}`).join('')
  return `<${over.localName}>${named && ` ${named}`} lies over it`
}

/** Elements of the page that open help in the place of our button, and what is wrong with each. */
function hostButtons(document: Document, wanted: string | Element): Observations['hostButtons'] {
  const selector = typeof wanted === 'string' ? wanted : null
  if (selector === 'false') return null
  const there: Element[] = []
  try {
    // Presses in open shadow roots are heard, so what stands there counts.
    const roots: (Document | ShadowRoot)[] = [document]
    for (const root of roots) {
      there.push(
        ...(selector === null
          ? root.contains(wanted as Element)
            ? [wanted as Element]
            : []
          : root.querySelectorAll(selector)),
      )
      for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot)
    }
  } catch {
    // Our button stayed.
    return { launcher: selector ?? '', isSelector: false, there: [] }
  }
  return {
    launcher: selector ?? 'the element that was given',
    isSelector: true,
    there: there.map(each => ({
      tag: `<${each.localName}${each.id && ` id="${each.id}"`}>`,
      isSeen: each.checkVisibility?.({ visibilityProperty: true }) !== false,
      hasKeyboard: takesKeys(each),
    })),
  }
}

/** Not known of an element of the page's own making, nor where the page leads the keyboard itself: taken as good. */
function takesKeys(element: Element): boolean {
  return (
    (element as HTMLElement).tabIndex >= 0 ||
    element.hasAttribute('tabindex') ||
    element.matches(':disabled') ||
    element.localName.includes('-') ||
    element.closest('a[href],button,summary') !== null
  )
}
