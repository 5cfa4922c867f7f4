// From what was observed in a page to what is wrong with it. Pure: observations in, findings out.
// Says only what the observations prove; what cannot be seen from inside a page is in the README.

import type { Consent } from '../../context/consent'
import type { NeededSource } from '../../protocol/sources'
import { originOf, printablePolicy, type Refusal, refusedSources, type Violation } from './pagePolicy'
import type { OddAttribute } from './tagAttributes'

export type Severity = 'error' | 'warning' | 'note'

/** One table; a code never changes its meaning. */
export type FindingCode =
  | 'attribute_unknown'
  | 'browser_lacks'
  | 'chunk_failed'
  | 'clock_skew'
  | 'config_invalid'
  | 'consent_denied'
  | 'contact_missing'
  | 'cors_refused'
  | 'csp_source'
  | 'html_answered'
  | 'index_missing'
  | 'insecure_page'
  | 'installed_twice'
  | 'journal_off'
  | 'keys_heard'
  | 'keys_taken'
  | 'launcher_hidden'
  | 'launcher_keyless'
  | 'launcher_missing'
  | 'locale_missing'
  | 'not_json'
  | 'role_unknown'
  | 'server_unwell'
  | 'socket_closed'
  | 'status_bad'
  | 'storage_partitioned'
  | 'storage_refused'
  | 'switched_off'
  | 'tag_module'
  | 'token_refused'
  | 'unreachable'
  | 'version_mismatch'

/** One thing to mend. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** What is wrong, and for whom. */
  readonly what: string
  /** What was seen. Never a secret; addresses are without their query. */
  readonly got: string
  readonly fix: string
}

/** One address that was asked. */
export interface Reached {
  readonly name: 'configuration' | 'manifest' | 'index' | 'server' | 'private articles'
  /** Without query. */
  readonly url: string
  /** `cors`: it answers, but not to this page. `csp`: the browser did not let it out. */
  readonly outcome: 'answered' | 'unreachable' | 'cors' | 'csp'
  readonly status: number
  /** What of the answer counts: JSON, a web page, something else. */
  readonly holds: 'json' | 'html' | 'other'
}

export interface HeardKey {
  /** `Control+k`; `input` is what is typed into a field. */
  readonly key: string
  /** Script and line of the listener, where the browser tells. */
  readonly by: string | null
}

export interface TakenKey extends HeardKey {
  readonly how: 'stopped' | 'prevented'
}

export interface Observations {
  /** Without query. */
  readonly page: string
  readonly isSecure: boolean
  /** Shown in a frame of another site. */
  readonly isForeignFrame: boolean
  /** What of this browser is not there: its name, what is lost. */
  readonly lacks: readonly { readonly name: string; readonly loses: string; readonly isNeeded: boolean }[]
  readonly version: { readonly chunks: string; readonly loader: string | null }
  readonly tags: readonly {
    readonly src: string
    readonly isModule: boolean
    /** Of `data-global`, else `Asklet`. */
    readonly global: string
    readonly odd: readonly OddAttribute[]
  }[]
  /** Of assistants whose name another one had first. */
  readonly spareNames: readonly string[]
  /** Why nobody can see the launcher, in words; null: it can be seen, or there is none. */
  readonly hiddenBecause: string | null
  /** What opens help in the place of our button; null: ours does, or nothing is meant to. */
  readonly hostButtons: {
    /** As it was given. */
    readonly launcher: string
    /** Else it is left out. */
    readonly isSelector: boolean
    readonly there: readonly {
      readonly tag: string
      readonly isSeen: boolean
      /** Can be reached, and pressed, without a pointer. */
      readonly hasKeyboard: boolean
    }[]
  } | null
  readonly isEnabled: boolean
  /** Of `asklet.json`, by the schema. */
  readonly configProblems: readonly { readonly path: string; readonly sentence: string }[]
  readonly configSource: string
  readonly hasPeople: boolean
  readonly hasContact: boolean
  readonly reached: readonly Reached[]
  /** Null: no server, or not tried. */
  readonly socket: { readonly url: string; readonly isOpen: boolean; readonly isPolicy: boolean } | null
  readonly failedChunks: readonly { readonly name: string; readonly reason: string }[]
  /** The visitor's language, and what the built help has. Empty: not known. */
  readonly locales: { readonly wanted: string; readonly there: readonly string[] }
  readonly roles: { readonly wanted: string | null; readonly there: readonly string[] }
  /** Why the host's token cannot be used; null: it can, or there is none. */
  readonly tokenProblem: string | null
  /** Device minus server, milliseconds; null: no server's time could be read. */
  readonly skewMs: number | null
  readonly storage: Readonly<
    Record<'localStorage' | 'sessionStorage' | 'IndexedDB', 'works' | 'refused' | 'full'>
  >
  readonly consent: Consent
  readonly hasJournal: boolean
  readonly refusesTracking: boolean
  readonly keys: { readonly taken: readonly TakenKey[]; readonly heard: readonly HeardKey[] }
  readonly policy: {
    /** In force: header and meta tags, as they stand. Empty: none, or it could not be read. */
    readonly enforced: readonly string[]
    readonly reportOnly: readonly string[]
    readonly needed: readonly NeededSource[]
    /** Origins, with their scheme, that requests of now came through to: what a browser does goes before theory. */
    readonly through: readonly string[]
    /** What the browser refused while this ran. */
    readonly violations: readonly Violation[]
  }
}

/** Tokens live at most an hour and are checked to the minute. Milliseconds. */
const SKEW_MS = 2 * 60_000

type Found = readonly (Finding | false | null)[]

/** What is wrong, worst first; empty when nothing was found. */
export function findingsOf(seen: Observations): readonly Finding[] {
  const worst: readonly Severity[] = ['error', 'warning', 'note']
  return [
    ...installation(seen),
    ...policy(seen),
    ...addresses(seen),
    ...knowledge(seen),
    ...device(seen),
    ...privacy(seen),
    ...keys(seen),
  ]
    .filter(found => found !== null && found !== false)
    .sort((a, b) => worst.indexOf(a.severity) - worst.indexOf(b.severity))
}

const finding = (code: FindingCode, severity: Severity, what: string, got: string, fix: string): Finding => ({
  code,
  severity,
  what,
  got,
  fix,
})

function installation(seen: Observations): Found {
  const { version, tags, spareNames, hiddenBecause, lacks } = seen
  const globals = new Set(tags.map(tag => tag.global)).size
  return [
    version.loader !== null &&
      version.loader !== version.chunks &&
      finding(
        'version_mismatch',
        'error',
        'The script and its parts are of two versions.',
        `script ${version.loader}, parts ${version.chunks}`,
        'Publish all of dist/cdn of one version, and let asklet.js be cached for a short time only.',
      ),
    (tags.length > globals || spareNames.length > 0) &&
      finding(
        'installed_twice',
        'warning',
        'Asklet is installed more than once in this page.',
        `script tags: ${tags.map(({ src }) => src).join(', ') || 'none'}; assistants whose name was taken: ${spareNames.length}`,
        'Leave one tag, or one createAssistant(). A second assistant on purpose has a name of its own: data-global on the tag, `name` for createAssistant() and <asklet-assistant>.',
      ),
    ...tags
      .filter(({ isModule }) => isModule)
      .map(({ src }) =>
        finding(
          'tag_module',
          'error',
          'A script tag of Asklet is a module: it cannot find itself (document.currentScript is null there), and starts nothing.',
          `<script type="module" src="${src}">`,
          'Write <script async src="…"> without type, or use the npm package in a module.',
        ),
      ),
    ...tags.flatMap(({ odd }) =>
      odd.map(({ name, got, wanted }) =>
        finding(
          'attribute_unknown',
          'warning',
          `The script tag’s data-${name} is left out.`,
          `data-${name}="${got}"`,
          wanted,
        ),
      ),
    ),
    hiddenBecause !== null &&
      finding(
        'launcher_hidden',
        'warning',
        'Visitors cannot see or press the launcher on this page.',
        hiddenBecause,
        'Exempt <asklet-root> from the page’s own styles, or move what lies over it. data-hide hides it on purpose.',
      ),
    ...ownButtons(seen.hostButtons),
    ...lacks.map(({ name, loses, isNeeded }) =>
      finding(
        'browser_lacks',
        isNeeded ? 'error' : 'note',
        isNeeded ? 'This browser is too old for the panel.' : `This browser has no ${name}: ${loses}.`,
        `no ${name}`,
        isNeeded ? 'Chrome 111, Safari 16.4, Firefox 115 or newer.' : 'Nothing to mend on the site.',
      ),
    ),
    !seen.isSecure &&
      finding(
        'insecure_page',
        'warning',
        'The page is not served over https: tabs do not share a connection, and the host’s tokens can be read.',
        seen.page,
        'Serve the site over https.',
      ),
  ]
}

/** Of buttons of the page in the place of ours. */
function ownButtons(buttons: Observations['hostButtons']): Found {
  if (!buttons) return []
  const { launcher, isSelector, there } = buttons
  if (!isSelector)
    return [
      finding(
        'attribute_unknown',
        'warning',
        'The script tag’s data-launcher is left out, and our button stays.',
        `data-launcher="${launcher}"`,
        'A CSS selector such as ".help-button", or false.',
      ),
    ]
  const isSeen = there.some(each => each.isSeen)
  const keyless = there.filter(each => each.isSeen && !each.hasKeyboard)
  return [
    !isSeen &&
      finding(
        'launcher_missing',
        'warning',
        there.length
          ? 'Nothing that opens help can be seen on this page.'
          : 'Nothing on this page opens help: no element matches `launcher` (data-launcher), and our button is not shown.',
        there.length
          ? `launcher ${launcher}: ${there.map(({ tag }) => tag).join(', ')}, out of sight`
          : `launcher ${launcher}`,
        'Correct the selector, or show the button. One that comes later is heard all the same: run this again once it is there. Where no button is wanted, say `false`.',
      ),
    keyless.length > 0 &&
      finding(
        'launcher_keyless',
        'warning',
        'Visitors without a pointer cannot reach what opens help.',
        `launcher ${launcher}: ${keyless.map(({ tag }) => tag).join(', ')}`,
        'Make it a <button type="button">, or a link with an address.',
      ),
  ]
}

function policy({
  policy: { enforced, reportOnly, needed: all, through, violations },
  page,
}: Observations): Found {
  const isTried = ({ directive, url }: NeededSource) =>
    directive === 'connect-src' && through.includes(originOf(url))
  /** The chunk that says this came from there: its script-src is satisfied. */
  const needed = all.filter(each => !each.isOptional)
  const asked = needed.filter(each => each.directive !== 'script-src' && !isTried(each))
  const refusals = (policies: readonly string[]) =>
    policies.flatMap(each => refusedSources(each, asked, page))
  const toFinding = ({ needed: { directive, source, why }, line }: Refusal, severity: Severity) =>
    finding(
      'csp_source',
      severity,
      `The page’s content security policy ${severity === 'error' ? 'blocks' : 'reports'} ${source} in ${directive}: ${why}.`,
      printablePolicy(line),
      `Add ${source} to ${directive}. \`npx asklet check asklet.json --csp\` prints all lines that are needed.`,
    )
  const found = [
    ...refusals(enforced).map(each => toFinding(each, 'error')),
    ...refusals(reportOnly).map(each => toFinding(each, 'warning')),
  ]
  // What theory did not see coming: a policy that could not be read, or a browser with a mind of its own.
  for (const { directive, blocked, isEnforced, policy: text } of violations) {
    const each = needed.find(
      need => need.directive === directive.replace(/-elem$/, '') && originOf(need.url) === originOf(blocked),
    )
    if (!each || found.some(known => known.what.includes(` ${each.source} in ${each.directive}:`))) continue
    found.push(toFinding({ needed: each, line: text }, isEnforced ? 'error' : 'warning'))
  }
  const seen = new Set<string>()
  return found.filter(({ what }) => !seen.has(what) && seen.add(what))
}

const FOR: Readonly<Record<Reached['name'], string>> = {
  configuration: 'nothing works without it',
  manifest: 'there are no suggestions and no articles',
  index: 'there are no suggestions and no articles',
  server: 'nobody can be reached',
  'private articles': 'signed-in visitors see public articles only',
}

function addresses(seen: Observations): Found {
  return [
    ...seen.reached.map(each => addressFinding(each)),
    ...seen.failedChunks.map(({ name, reason }) =>
      finding(
        'chunk_failed',
        'error',
        `A part of the assistant did not come: ${name}.`,
        reason,
        'Publish the whole folder of the version; keep it for 90 days after the next one.',
      ),
    ),
    // What the policy blocks is said there.
    seen.socket !== null &&
      !seen.socket.isOpen &&
      !seen.socket.isPolicy &&
      finding(
        'socket_closed',
        'warning',
        'The WebSocket to the server does not open: conversations go over HTTP, slower.',
        seen.socket.url,
        'Let the proxy before the server pass Upgrade requests to /socket.io/, and name this page in origins.',
      ),
  ]
}

function addressFinding({ name, url, outcome, status, holds }: Reached): Finding | null {
  const what = `The ${name} cannot be used: ${FOR[name]}.`
  if (outcome === 'csp') return null
  if (outcome === 'cors')
    return finding(
      'cors_refused',
      'error',
      what,
      `${url} answers, but not to this page`,
      name === 'server'
        ? 'Name this page’s origin in "origins" of asklet.json, and restart the server. A server older than this version answers so, too.'
        : 'Let that origin send Access-Control-Allow-Origin.',
    )
  if (outcome === 'unreachable')
    return finding(
      'unreachable',
      'error',
      what,
      `${url}: no answer`,
      'Is the address right, and the host up?',
    )
  if (name === 'server' && status === 503)
    return finding('server_unwell', 'error', what, `${url} answered 503`, 'Its store is down: see its log.')
  if (holds === 'html' && status >= 200 && status < 300)
    return finding(
      'html_answered',
      'error',
      what,
      `${url} answered ${status} with a web page`,
      'A single-page app answers every path with itself: serve the file before that rule, or correct the address.',
    )
  if (status < 200 || status > 299)
    return finding(
      name === 'index' || name === 'manifest' ? 'index_missing' : 'status_bad',
      'error',
      what,
      `${url} answered ${status}`,
      name === 'configuration'
        ? 'Put asklet.json there, or name it with data-config or options.config.'
        : name === 'server'
          ? 'Is that an Asklet server? It answers at /asklet/v1/health.'
          : 'Publish the folder that "asklet build" wrote, all of it.',
    )
  if (holds !== 'json')
    return finding(
      'not_json',
      'error',
      what,
      `${url} answered no JSON`,
      'Publish the file as it was written.',
    )
  return null
}

function knowledge(seen: Observations): Found {
  const { locales, roles } = seen
  const language = (tag: string) => tag.toLowerCase().split('-')[0]
  const isThere = locales.there.some(there => language(there) === language(locales.wanted))
  return [
    !seen.isEnabled &&
      finding(
        'switched_off',
        'note',
        'The configuration switches the assistant off.',
        '"enabled": false',
        'Set it to true, or leave it out.',
      ),
    ...seen.configProblems.map(({ path, sentence }) =>
      finding(
        'config_invalid',
        /nobody reads/.test(sentence) ? 'warning' : 'error',
        `${seen.configSource} is not as it must be${path ? ` at ${path}` : ''}.`,
        sentence,
        'See README#configuration; `npx asklet check asklet.json` names the line.',
      ),
    ),
    locales.there.length > 0 &&
      !isThere &&
      finding(
        'locale_missing',
        'warning',
        `There is no help in the page’s language, ${locales.wanted}: visitors get ${locales.there[0]}.`,
        `built: ${locales.there.join(', ')}`,
        `Write articles with locale: ${locales.wanted}, or set "locale".`,
      ),
    roles.wanted !== null &&
      roles.there.length > 0 &&
      !roles.there.includes(roles.wanted) &&
      finding(
        'role_unknown',
        'warning',
        `No article names the visitor’s role, "${roles.wanted}": nothing is ranked by it.`,
        `articles name: ${roles.there.join(', ')}`,
        'Spell the role as the articles do, or add it to their roles.',
      ),
    !seen.hasContact &&
      finding(
        'contact_missing',
        seen.hasPeople ? 'warning' : 'note',
        seen.hasPeople
          ? 'When the server cannot be reached, visitors have no address to write to.'
          : 'There are no people, and no address to write to: visitors whom articles do not help are left alone.',
        'no "contact" in the configuration',
        'Add "contact": { "email": "help@…" }.',
      ),
    seen.tokenProblem !== null &&
      finding(
        'token_refused',
        'error',
        'The signed-in visitor cannot be proved: private articles and conversations of other devices stay away.',
        seen.tokenProblem,
        'See the server’s log (tokenRefused), the token’s times, and the function given to identify.',
      ),
  ]
}

function device({ skewMs, storage, isForeignFrame, page }: Observations): Found {
  const minutes = Math.round(Math.abs(skewMs ?? 0) / 60_000)
  return [
    skewMs !== null &&
      Math.abs(skewMs) > SKEW_MS &&
      finding(
        'clock_skew',
        'warning',
        `This device’s clock and the server’s are ${minutes} minutes apart: signed tokens may be refused, and times look wrong.`,
        `the device is ${minutes} minutes ${skewMs > 0 ? 'ahead' : 'behind'}`,
        'Set the clock of the one that is wrong; servers by NTP.',
      ),
    ...(Object.entries(storage) as [string, string][]).map(
      ([name, state]) =>
        state !== 'works' &&
        finding(
          'storage_refused',
          'warning',
          `${name} cannot be used: ${name === 'IndexedDB' ? 'words that are not sent yet' : 'what was typed'} will not survive a reload.`,
          state === 'full' ? 'no room (quota)' : 'refused by the browser',
          'The visitor’s settings, a sandboxed frame without allow-same-origin, or a full disk. The panel works from memory.',
        ),
    ),
    isForeignFrame &&
      finding(
        'storage_partitioned',
        'note',
        'The page is shown in a frame of another site: what it keeps is kept apart from the same page elsewhere.',
        page,
        'Nothing, where that is meant. A conversation that began outside the frame is not found in it.',
      ),
  ]
}

function privacy({ consent, hasJournal, refusesTracking }: Observations): Found {
  return [
    consent === 'denied' &&
      finding(
        'consent_denied',
        'note',
        'Consent is denied: nothing is kept on this device.',
        'consent: denied',
        'Nothing, where the visitor said so.',
      ),
    hasJournal &&
      (refusesTracking || consent !== 'granted') &&
      finding(
        'journal_off',
        'note',
        'The configuration turns the journal on, and nothing of this visitor is sent to it.',
        refusesTracking ? 'Global Privacy Control is on' : `consent: ${consent}`,
        refusesTracking
          ? 'Nothing: the browser’s signal goes before the site’s wish.'
          : "It takes consent: update({ consent: 'granted' }) once the visitor has said yes.",
      ),
  ]
}

function keys({ keys: { taken, heard } }: Observations): Found {
  const places = (all: readonly HeardKey[]) => [
    ...new Set(all.map(({ by }) => by ?? 'a script that the browser does not name')),
  ]
  const of = (all: readonly HeardKey[], by: string) =>
    all.filter(each => (each.by ?? 'a script that the browser does not name') === by).map(({ key }) => key)
  return [
    ...places(taken).map(by =>
      finding(
        'keys_taken',
        'error',
        'The page takes keys away that are pressed in the panel.',
        `${[...new Set(taken.filter(each => of([each], by).length).map(({ key, how }) => `${key} ${how}`))].join(', ')}, by ${by}`,
        'Let that capture listener leave events alone whose composedPath() has an <asklet-root>.',
      ),
    ),
    ...places(heard).map(by =>
      finding(
        'keys_heard',
        'warning',
        'A capture listener of the page hears what is typed in the panel.',
        `${[...new Set(of(heard, by))].join(', ')}, by ${by}`,
        'Let it leave events alone whose composedPath() has an <asklet-root>: their target looks like no text field.',
      ),
    ),
  ]
}
