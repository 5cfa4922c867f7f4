// The preview's page: asks the server of `asklet dev` and draws what it answers. Owns what is chosen and typed,
// which the address keeps, so that a reload and a new build change the answer and never the question.

import type { DevArticle, DevState, DevSuggestion } from '../devBuild'
import type { Finding } from '../findings'
import { contentNodes, element, marked } from './nodes'
import { reasonWords } from './reasonWords'

/** A panel shows so many; those below just missed it. */
const SHOWN_IN_PANEL = 6
/** What a person calls a factor, where its own name is not it. */
const FACTOR_WORDS: Readonly<Record<string, string>> = { questionType: 'kind of question' }
const FIELDS = ['route', 'page', 'role', 'locale', 'q'] as const

const byId = (id: string) => document.getElementById(id) as HTMLElement
const form = byId('facts') as HTMLFormElement
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement
const query = field('q') as HTMLInputElement
const list = byId('list')
const reader = byId('article')

/** What the address keeps. */
const kept = new URLSearchParams(location.hash.slice(1))
let openId = kept.get('article') ?? ''
/** Somebody wrote a name for the page: it no longer follows the path. */
let isNamed = kept.has('page')
/** Late answers are dropped. */
let asked = 0
let read = 0

function keep(): void {
  for (const name of FIELDS) {
    const { value } = field(name)
    if (value && (name !== 'page' || isNamed)) kept.set(name, value)
    else kept.delete(name)
  }
  if (openId) kept.set('article', openId)
  else kept.delete('article')
  history.replaceState(null, '', `#${kept}`)
}

async function ask<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T | null> {
  try {
    const response = await fetch(`/api/${path}?${new URLSearchParams(parameters)}`)
    return response.ok ? ((await response.json()) as T) : null
  } catch {
    // The server was stopped; the news say so, and bring everything back when it runs again.
    return null
  }
}

const visitor = () => Object.fromEntries(FIELDS.map(name => [name, field(name).value]))

async function showState(): Promise<void> {
  const state = await ask<DevState>('state')
  if (!state) return
  const { folder, articles, findings, failure, revision, shown, pages, roles, locales } = state
  const mistakes = findings.filter(({ kind }) => kind === 'error')
  byId('folder').textContent = folder
  byId('pages').replaceChildren(...pages.map(page => element('option', { value: page })))
  fill(field('role') as HTMLSelectElement, ['', ...roles], kept.get('role') ?? '', 'nobody known')
  fill(field('locale') as HTMLSelectElement, ['', ...locales], kept.get('locale') ?? '', 'default')
  const isBehind = shown < revision
  const pill = byId('build')
  pill.className = mistakes.length || failure !== undefined ? 'bad' : 'good'
  pill.textContent = !shown
    ? 'Nothing to show yet'
    : `${plural(articles, 'article')}${isBehind ? ', of the last good build' : ''}`
  const remarks = findings.filter(({ kind }) => kind !== 'error')
  const what = isBehind ? ' The last good build stays until then.' : ' Files with mistakes are left out.'
  const wasOpen = byId('findings').querySelector('details')?.open === true
  byId('findings').replaceChildren(
    ...(failure === undefined ? [] : [element('p', { class: 'failure' }, failure)]),
    ...(mistakes.length
      ? [
          element(
            'div',
            { class: 'failure' },
            element('p', {}, `${plural(mistakes.length, 'mistake')} to mend.${what}`),
            findingList(mistakes),
          ),
        ]
      : []),
    ...(remarks.length
      ? [
          element(
            'details',
            { open: wasOpen },
            element('summary', {}, plural(remarks.length, 'remark')),
            findingList(remarks),
          ),
        ]
      : []),
  )
}

function findingList(findings: readonly Finding[]): HTMLElement {
  return element(
    'ul',
    {},
    ...findings.map(({ file, line, sentence }) =>
      element('li', {}, element('code', {}, `${file}:${line}`), ` ${sentence}`),
    ),
  )
}

function fill(select: HTMLSelectElement, values: readonly string[], chosen: string, none: string): void {
  const all = values.includes(chosen) ? values : [...values, chosen]
  select.replaceChildren(
    ...all.map(value => element('option', { value, selected: value === chosen }, value || none)),
  )
}

async function showSuggestions(): Promise<void> {
  const turn = ++asked
  const answer = await ask<{ items: readonly DevSuggestion[]; ms: number }>('suggest', visitor())
  if (!answer || turn !== asked) return
  const { items, ms } = answer
  const focused = list.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset.id
    : undefined
  const widest = Math.max(...items.map(lifted), 1)
  list.replaceChildren(...items.map((item, i) => suggestion(item, i, widest)))
  if (focused !== undefined) {
    const again = buttons().find(({ dataset }) => dataset.id === focused)
    ;(again ?? query).focus()
  }
  const beyond = items.length > SHOWN_IN_PANEL ? `; a panel shows the first ${SHOWN_IN_PANEL}` : ''
  byId('found').textContent = items.length
    ? `${plural(items.length, 'suggestion')} in ${ms.toFixed(1)} ms${beyond}`
    : 'Nothing comes: no suggestion rather than a wrong one.'
}

const factorsOf = ({ factors }: DevSuggestion): readonly (readonly [string, number])[] =>
  Object.entries(factors)
const lifted = (item: DevSuggestion) =>
  factorsOf(item).reduce((sum, [, share]) => sum + Math.max(0, share), 0)

function suggestion(item: DevSuggestion, place: number, widest: number): HTMLElement {
  const bar = element('span', { class: 'bar', 'aria-hidden': 'true' })
  for (const [name, share] of factorsOf(item)) {
    const part = element('span', { class: name })
    part.style.inlineSize = `${(Math.max(0, share) / widest) * 100}%`
    bar.append(part)
  }
  const button = element(
    'button',
    {
      type: 'button',
      class: `suggestion${place >= SHOWN_IN_PANEL ? ' missed' : ''}`,
      'data-id': item.articleId,
      'aria-current': item.articleId === openId ? 'true' : undefined,
    },
    element(
      'span',
      { class: 'title' },
      element('span', { class: 'place' }, `${place + 1} `),
      ...marked(item.title, item.highlights),
    ),
    element(
      'span',
      { class: 'id' },
      `${item.articleId}${item.headingText ? ` › ${item.headingText}` : ''}${item.kind === 'question' ? ', by one of its questions' : ''}`,
    ),
    bar,
    element(
      'span',
      { class: 'factors' },
      element('b', {}, item.score.toFixed(3)),
      ...factorsOf(item)
        .filter(([, share]) => Math.abs(share) >= 0.0005)
        .map(([name, share]) =>
          element('span', { class: name }, `${FACTOR_WORDS[name] ?? name} ${share.toFixed(3)}`),
        ),
    ),
    element('span', { class: 'why' }, `Why: ${item.reasons.map(reasonWords).join('; ')}`),
  )
  button.addEventListener('click', () => open(item.articleId, item.headingId))
  return element('li', {}, button)
}

async function showArticle(headingId?: string, isAsked = false): Promise<void> {
  const turn = ++read
  if (!openId) {
    reader.replaceChildren(element('p', { class: 'none' }, 'Open a suggestion to read its article.'))
    return
  }
  const found = await ask<DevArticle>('article', { ...visitor(), id: openId })
  if (turn !== read) return
  reader.replaceChildren(
    ...(found
      ? articleNodes(found)
      : [
          element(
            'p',
            { class: 'none' },
            `There is no ${openId} that this visitor may read. Was it renamed, or is it private?`,
          ),
        ]),
  )
  if (!isAsked) return
  const target = (headingId && document.getElementById(`h-${headingId}`)) || reader
  target.focus({ preventScroll: true })
  // Beside the list the article scrolls in its own column, and the page stays where it is.
  if (isWide())
    reader.scrollTop +=
      target.getBoundingClientRect().top - reader.getBoundingClientRect().top - reader.clientTop
  else target.scrollIntoView()
}

/** The style sheet's own limit for two columns. */
const isWide = () => matchMedia('(min-width: 900px)').matches

function articleNodes({ article, file }: DevArticle): readonly Node[] {
  const { title, summary, kind, roles, pages, access, questions, keywords, content } = article
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['kind', [kind]],
    ['roles', roles],
    ['pages', pages],
    ['keywords', keywords],
    ['questions', questions],
    ['access', access === 'private' ? ['private: from the server, to a signed role'] : []],
  ]
  const back = element('button', { type: 'button', class: 'link back' }, 'Back to the suggestions')
  back.addEventListener('click', () => {
    const chosen = buttons().find(({ dataset }) => dataset.id === openId) ?? query
    chosen.focus({ preventScroll: true })
    chosen.scrollIntoView({ block: 'center' })
  })
  return [
    back,
    element('p', { class: 'file' }, element('code', {}, file)),
    element('h2', {}, title),
    element('p', { class: 'summary' }, summary),
    element(
      'dl',
      {},
      ...facts
        .filter(([, values]) => values.length)
        .flatMap(([name, values]) => [element('dt', {}, name), element('dd', {}, values.join(' · '))]),
    ),
    element('div', { class: 'prose' }, ...contentNodes(content, open)),
  ]
}

function open(articleId: string, headingId?: string): void {
  openId = articleId
  keep()
  for (const button of buttons()) {
    if (button.dataset.id === articleId) button.setAttribute('aria-current', 'true')
    else button.removeAttribute('aria-current')
  }
  void showArticle(headingId, true)
}

const buttons = () => [...list.querySelectorAll<HTMLElement>('button.suggestion')]

/** `/find-work` -> `Find work`: a guess at what the site calls the page, to be corrected. */
function nameOf(route: string): string {
  const last = route
    .split('/')
    .filter(part => part && !/^[:*]/.test(part))
    .at(-1)
  const words = (last ?? 'home').replace(/[-_]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

form.addEventListener('submit', event => {
  event.preventDefault()
  buttons()[0]?.click()
})
form.addEventListener('input', event => {
  const { name } = event.target as HTMLInputElement
  if (name === 'page') isNamed = field('page').value !== ''
  if (!isNamed && name !== 'page') field('page').value = nameOf(field('route').value)
  keep()
  void showSuggestions()
  // Who reads what changes with these.
  if (name === 'role' || name === 'locale') void showArticle()
})
document.addEventListener('keydown', event => {
  const { target, key } = event
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  if (key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    query.focus()
    query.select()
    return
  }
  const all = buttons()
  const at = all.indexOf(target as HTMLElement)
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || (at < 0 && target !== query)) return
  event.preventDefault()
  const next = at + (key === 'ArrowDown' ? 1 : -1)
  // Above the first one is the question; below the last one is nothing.
  ;(next < 0 ? query : (all[next] ?? all.at(-1)))?.focus()
})

for (const name of ['route', 'q'] as const) field(name).value = kept.get(name) ?? ''
field('page').value = isNamed ? (kept.get('page') ?? '') : nameOf(field('route').value)

async function showAll(): Promise<void> {
  await showState()
  await Promise.all([showSuggestions(), showArticle()])
}
const news = new EventSource('/api/news')
news.addEventListener('built', () => void showAll())
news.addEventListener('error', () => {
  const pill = byId('build')
  pill.className = 'bad'
  pill.textContent = 'The preview was stopped'
})
query.focus()
