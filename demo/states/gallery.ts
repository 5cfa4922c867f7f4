// The gallery: all states by group, each in a frame that loads when it comes near, and a panel where a designer changes
// the tokens in all of them at once, sees what that does to contrast, and takes the change along as CSS.

import { contrast, parseColour } from '../../src/ui/contrast'
import { STATES, type State } from './catalogue'
import { asCss, keyOf, type Theme, TOKENS, type Token, wordOf } from './tokens'

/** Where the words of a language are not there yet, English stands in. */
const LOCALES = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'ar', 'he']
/** What a frame may take of a row, in CSS pixels. */
const WIDEST = 400

/** Words on what they stand on, by the names of tokens. */
const PAIRS: readonly (readonly [ink: string, paper: string])[] = [
  ['--asklet-text', '--asklet-surface'],
  ['--asklet-text', '--asklet-raised'],
  ['--asklet-muted', '--asklet-surface'],
  ['--asklet-muted', '--asklet-raised'],
  ['--asklet-danger', '--asklet-surface'],
  ['--asklet-on-warning', '--asklet-warning'],
]
/** WCAG 2.2, 1.4.3. */
const ENOUGH = 4.5

const changes = new Map<string, string>()
const frames = new Map<HTMLIFrameElement, CSSStyleSheet | null>()
const form = document.querySelector<HTMLFormElement>('#choices') as HTMLFormElement
const shelf = document.querySelector<HTMLElement>('#states') as HTMLElement
const aside = document.querySelector<HTMLElement>('#tokens') as HTMLElement
const count = document.querySelector<HTMLElement>('#count') as HTMLElement
const design = document.querySelector<HTMLButtonElement>('#design') as HTMLButtonElement

const chosen = (name: string): string => String(new FormData(form).get(name) ?? '')
const theme = (): Theme => (chosen('theme') === 'dark' ? 'dark' : 'light')

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<Omit<HTMLElementTagNameMap[Name], 'style'>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

// ---- the frames

function draw(): void {
  const words = chosen('find').trim().toLowerCase()
  const surface = chosen('surface')
  const shown = STATES.filter(
    state =>
      (!surface || (state.surface === 'desk') === (surface === 'desk')) &&
      `${state.id} ${state.title} ${state.group}`.toLowerCase().includes(words),
  )
  frames.clear()
  const groups = new Map<string, State[]>()
  for (const state of shown) {
    const name = state.surface === 'desk' ? `Desk: ${state.group.toLowerCase()}` : state.group
    groups.set(name, [...(groups.get(name) ?? []), state])
  }
  shelf.replaceChildren(
    ...[...groups].map(([name, states]) =>
      make(
        'section',
        {},
        make('h2', {}, name, make('span', {}, String(states.length))),
        make('ul', { className: 'shelf' }, ...states.map(frameOf)),
      ),
    ),
  )
  count.textContent = `${shown.length} of ${STATES.length} states`
}

function frameOf(state: State): HTMLElement {
  const [width = 390, height = 844] = chosen('size').split('x').map(Number)
  const scale = Math.min(1, Math.min(WIDEST, shelf.clientWidth - 40) / width)
  const query = new URLSearchParams({ state: state.id, theme: theme(), locale: chosen('locale') })
  if (chosen('dir')) query.set('dir', chosen('dir'))
  const accent = changes.get('both --asklet-accent')
  if (accent) query.set('accent', accent)
  const address = `states/frame.html?${query}`
  const frame = make('iframe', { title: state.title, loading: 'lazy', src: address })
  frame.width = String(width)
  frame.height = String(height)
  // Of it the frame takes its own, where a face follows the page's.
  frame.style.colorScheme = theme()
  frame.style.transform = `scale(${scale})`
  const pane = make('div', { className: 'window' }, frame)
  pane.style.inlineSize = `${Math.round(width * scale) + 2}px`
  pane.style.blockSize = `${Math.round(height * scale) + 2}px`
  frame.addEventListener('load', () => {
    frames.set(frame, null)
    paint(frame)
  })
  const item = make(
    'li',
    {},
    pane,
    make('p', {}, make('span', {}, state.title), make('a', { href: address, target: '_blank' }, state.id)),
  )
  shelf.style.setProperty('--cell', `${Math.round(width * scale) + 2}px`)
  return item
}

/** The changed tokens, as a page would write them: what is copied is what is seen. */
function paint(frame: HTMLIFrameElement): void {
  const { contentDocument: inside, contentWindow } = frame
  if (!inside || !contentWindow) return
  let sheet = frames.get(frame)
  if (!sheet) {
    sheet = new (contentWindow as Window & typeof globalThis).CSSStyleSheet()
    frames.set(frame, sheet)
    inside.adoptedStyleSheets.push(sheet)
  }
  sheet.replaceSync(asCss(changes))
}

// ---- the tokens

function drawTokens(): void {
  const css = make('textarea', { readOnly: true, ariaLabel: 'Changed tokens as CSS' })
  const copy = make('button', { type: 'button' }, 'Copy the CSS')
  const reset = make('button', { type: 'button' }, 'As they were')
  const pairs = make('table')
  const say = () => {
    css.value = asCss(changes) || '/* Nothing is changed yet. */'
    pairs.replaceChildren(...PAIRS.flatMap(rowOf))
  }
  const change = (token: Token, value: string, row: HTMLElement) => {
    const key = keyOf(token, theme())
    if (!value || value === token[theme()]) changes.delete(key)
    else changes.set(key, value)
    row.toggleAttribute('data-changed', changes.has(key))
    // The panel works out what goes with an accent when it is drawn.
    if (token.name === '--asklet-accent') draw()
    else for (const frame of frames.keys()) paint(frame)
    say()
  }
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(css.value)
      copy.textContent = 'Copied'
    } catch {
      // Not every browser lets a page write there; the text is selected to be copied by hand.
      css.select()
    }
  })
  reset.addEventListener('click', () => {
    changes.clear()
    drawTokens()
    draw()
  })
  aside.replaceChildren(
    make('h2', {}, 'Design tokens'),
    make(
      'p',
      {},
      `Read from the style sheets that ship. What you change here is drawn in all frames; colours of the ${theme()} theme now.`,
    ),
    make('h3', {}, 'On asklet-root and .asklet-desk'),
    ...TOKENS.map(token => tokenRow(token, change)),
    make('h3', {}, 'Contrast of words'),
    pairs,
    make('h3', {}, 'To take along'),
    css,
    make('div', { className: 'acts' }, copy, reset),
  )
  say()
}

function tokenRow(
  token: Token,
  change: (token: Token, value: string, row: HTMLElement) => void,
): HTMLElement {
  const value = wordOf(token, theme(), changes)
  const field = make('input', { value, spellcheck: false, ariaLabel: token.name })
  const row = make('div', { className: 'token' }, make('code', {}, token.name), field)
  row.toggleAttribute('data-changed', changes.has(keyOf(token, theme())))
  const colour = hexOf(value)
  const well = make('input', {
    type: 'color',
    value: colour ?? '#000000',
    ariaLabel: `${token.name}, picked`,
  })
  if (colour) {
    row.append(well)
    well.addEventListener('input', () => {
      field.value = well.value
      change(token, well.value, row)
    })
  }
  field.addEventListener('change', () => {
    well.value = hexOf(field.value) ?? well.value
    change(token, field.value.trim(), row)
  })
  return row
}

function rowOf([ink, paper]: readonly [string, string]): HTMLElement[] {
  const colours = [ink, paper].map(name => {
    const token = TOKENS.find(each => each.name === name)
    return token && channels(wordOf(token, theme(), changes))
  })
  const [front, back] = colours
  // A token that the sheet has not (any more) has no contrast.
  if (!front || !back) return []
  const ratio = contrast(front, back)
  const isEnough = ratio >= ENOUGH
  const short = (name: string) => name.replace(/^--(asklet-)?/, '')
  return [
    make(
      'tr',
      {},
      make('td', {}, `${short(ink)} on ${short(paper)}`),
      make(
        'td',
        { className: isEnough ? 'good' : 'bad' },
        `${ratio.toFixed(2)} : 1${isEnough ? '' : ', too little'}`,
      ),
    ),
  ]
}

/** As the browser reads it; null for what is no colour. */
function channels(value: string): ReturnType<typeof parseColour> {
  if (!CSS.supports('color', value)) return null
  aside.style.color = value
  const read = parseColour(getComputedStyle(aside).color)
  aside.style.color = ''
  return read
}

function hexOf(value: string): string | null {
  const found = channels(value)
  return (
    found &&
    `#${found
      .slice(0, 3)
      .map(each => Math.round(each).toString(16).padStart(2, '0'))
      .join('')}`
  )
}

// ---- choices

const names = new Intl.DisplayNames(['en'], { type: 'language' })
for (const locale of LOCALES)
  form.querySelector('[name=locale]')?.append(make('option', { value: locale }, names.of(locale) ?? locale))

form.addEventListener('submit', event => event.preventDefault())
let waiting: ReturnType<typeof setTimeout> | undefined
form.addEventListener('input', event => {
  clearTimeout(waiting)
  const isTyping = (event.target as HTMLInputElement).name === 'find'
  waiting = setTimeout(
    () => {
      draw()
      if (!aside.hidden) drawTokens()
    },
    isTyping ? 200 : 0,
  )
})
design.addEventListener('click', () => {
  aside.hidden = !aside.hidden
  design.setAttribute('aria-expanded', String(!aside.hidden))
  if (!aside.hidden) drawTokens()
})
draw()
