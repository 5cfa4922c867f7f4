// What a developer may pass to `createAssistant`: public options are all optional; between here and the rest
// of the assistant stands one function that checks them and fills them in.

import { AskletError, describe } from '../base/errors'
import type { TextMap } from '../base/texts'
import type { BotProvider, HostAction } from '../bot/botProvider'
import type { Consent } from '../context/consent'
import type { VisitorInput } from '../context/visitor'
import type { AskletConfig } from '../protocol/config'
import type { SearchProvider } from '../search/searchProvider'

/** Options of `createAssistant`. Leave everything out and it reads `/asklet.json`. */
export interface AssistantOptions {
  /** The site's configuration: its address, or the object itself. Default `/asklet.json`. */
  readonly config?: string | URL | AskletConfig
  /**
   * Keeps apart what several assistants of one page remember, e.g. `partner`; the same at each load. The only one needs
   * none. Of two with the same name the later one keeps nothing on the device, and says so in the console.
   */
  readonly name?: string
  /** No launcher, no panel: only verbs, events and state. Default false. */
  readonly headless?: boolean
  /** An element to live in (`<asklet-assistant>`), instead of one of our own under `<html>`. */
  readonly element?: HTMLElement
  /** Who is asking; the same as calling `identify` at once. */
  readonly visitor?: VisitorInput
  /** What may be kept on this device. Default `pending`. */
  readonly consent?: Consent
  /** BCP 47; default from the configuration, else the page's. */
  readonly locale?: string
  /** `auto` is the system's; `host` the page's own, as its switch on `<html>` or `<body>` and its colour scheme say. */
  readonly theme?: 'auto' | 'light' | 'dark' | 'host'
  /** How close together things stand. Default `comfortable`. */
  readonly density?: 'comfortable' | 'compact'
  /** A CSS colour. */
  readonly accent?: string
  readonly position?: 'left' | 'right'
  /**
   * Your own button in the place of ours: a CSS selector, for all that matches now or later, or the one element. It opens
   * and closes help, gets the keyboard back, and is told what ours would show (`aria-expanded`, `data-asklet-unread`,
   * `data-asklet-state` …); all that is taken back by `destroy`. `false`: no button, only verbs.
   */
  readonly launcher?: string | HTMLElement | false
  /** Words on the launcher. */
  readonly label?: string
  /** Own words for any text key; win over those of the configuration. */
  readonly texts?: TextMap
  /**
   * Languages of your own, or your wording of one that is shipped: all texts by key, or the address of such a JSON file
   * (relative to the configuration). What one lacks is said in the shipped language, else in English.
   */
  readonly locales?: Readonly<Record<string, TextMap | string>>
  /** Your own search instead of the built index. */
  readonly search?: SearchProvider
  /** Your own bot instead of flows and articles. */
  readonly bot?: BotProvider
  /**
   * Base address of the Asklet server whose language model words answers, relative to the configuration; or that with
   * the actions that it may propose. Wins over `answer` of the configuration.
   */
  readonly answer?: string | NonNullable<AskletConfig['answer']>
  /** Functions of the page that a flow may call, after the visitor's yes. */
  readonly actions?: Readonly<Record<string, HostAction>>
  /** Look for trouble on the page, and offer help as `offers` of the configuration say. Default false. */
  readonly offers?: boolean
  /** Put the number of unread words of a person before the page's title, while the panel is closed. Default true. */
  readonly titleNotice?: boolean
  /** Details for the first conversation: `{ question: 'Where is my payment?' }`. */
  readonly prefill?: Prefill
}

export interface Prefill {
  /** Stands in the text field, not sent. */
  readonly question?: string
}

/** What `update` may change while the assistant runs. */
export type AssistantUpdate = Pick<
  AssistantOptions,
  'theme' | 'density' | 'accent' | 'position' | 'label' | 'texts' | 'locale' | 'consent'
>

const SHAPES: Readonly<Record<keyof AssistantOptions, (value: unknown) => string | null>> = {
  config: value => (typeof value === 'string' || isObject(value) ? null : 'an address or an object'),
  name: ofType('string'),
  headless: ofType('boolean'),
  element: value => (isObject(value) && 'attachShadow' in value ? null : 'an element'),
  visitor: anObject,
  consent: oneOf('pending', 'granted', 'denied'),
  locale: ofType('string'),
  theme: oneOf('auto', 'light', 'dark', 'host'),
  density: oneOf('comfortable', 'compact'),
  accent: ofType('string'),
  position: oneOf('left', 'right'),
  launcher: value =>
    value === false || typeof value === 'string' || (isObject(value) && 'matches' in value)
      ? null
      : 'a CSS selector, an element or false',
  label: ofType('string'),
  texts: anObject,
  locales: anObject,
  search: has('suggest', 'passages', 'article'),
  bot: has('answer'),
  answer: value =>
    typeof (isObject(value) && 'url' in value ? value.url : value) === 'string'
      ? null
      : 'an address or { url, actions }',
  actions: anObject,
  offers: ofType('boolean'),
  titleNotice: ofType('boolean'),
  prefill: anObject,
}

/**
 * Checks options before anything is done with them.
 *
 * @throws AskletError `options_shape`: what, got, fix
 */
export function checkOptions(options: AssistantOptions): AssistantOptions {
  if (!isObject(options)) {
    throw new AskletError(
      'options_shape',
      `createAssistant takes an object of options, got ${describe(options)}.`,
    )
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof AssistantOptions] : undefined
    if (!shape) {
      throw new AskletError(
        'options_shape',
        `options.${name} is not an option. Known are: ${Object.keys(SHAPES).join(', ')}. Settings of a site go into asklet.json.`,
      )
    }
    const wanted = shape(value)
    if (wanted)
      throw new AskletError('options_shape', `options.${name} must be ${wanted}, got ${describe(value)}.`)
  }
  return options
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function anObject(value: unknown) {
  return isObject(value) ? null : 'an object'
}
function ofType(type: 'string' | 'boolean') {
  return (value: unknown) => (typeof value === type ? null : `a ${type}`)
}
function oneOf(...words: readonly string[]) {
  return (value: unknown) =>
    words.includes(value as string) ? null : words.map(word => `"${word}"`).join(', ')
}
function has(...functions: readonly string[]) {
  return (value: unknown) => {
    const missing = functions.filter(
      name => !isObject(value) || typeof (value as Record<string, unknown>)[name] !== 'function',
    )
    return missing.length
      ? `an object with ${functions.join('(), ')}() (missing: ${missing.join(', ')}; did you pass the class instead of an instance?)`
      : null
  }
}
