// The npm door: `import { createAssistant } from 'asklet'`. Importable in plain Node (server rendering):
// nothing touches a document before `createAssistant` is called in a browser.

import { createCommands } from './assistant/commands'
import { type Assistant, assembleAssistant } from './assistant/createAssistant'
import { faceOf, intentsOf, type MountPanel } from './assistant/face'
import { type AssistantOptions, checkOptions } from './assistant/options'
import { createEnvironment } from './base/environment'
import { AskletError } from './base/errors'
import { once } from './base/once'
import { watchRoute } from './base/route'
import { handOver } from './launcher/handOver'
import { createHost } from './launcher/host'
import { labelIn } from './launcher/labels'
import { createLauncher } from './launcher/launcher'
import { voiceOf } from './launcher/voice'

export type { Assistant } from './assistant/createAssistant'
export type { Kept } from './assistant/deviceKeeping'
export type { Diagnosis } from './assistant/diagnose/diagnose'
export type { Finding, FindingCode, Severity } from './assistant/diagnose/findings'
export type {
  HostEventName,
  HostEvents,
  HostListener,
  OfferDetail,
  TranscriptDetail,
} from './assistant/hostEvents'
export type { AssistantOptions, AssistantUpdate, Prefill } from './assistant/options'
export type { View } from './assistant/panelModel'
export { AskletError, type ErrorCode } from './base/errors'
export type { ReadonlySignal } from './base/signal'
export type { TextMap } from './base/texts'
export type {
  AnswerSource,
  BotAnswer,
  BotInput,
  BotProvider,
  BotState,
  BotTurn,
  Choice,
  HostAction,
  Interim,
} from './bot/botProvider'
export type { VisitorInput } from './context/visitor'
export type { TranscriptLine } from './conversation/transcript'
export type { Article, ArticleKind, ArticleMeta } from './knowledge/article'
export type { Block, ContentTree, Inline } from './knowledge/contentTree'
export type { AskletConfig } from './protocol/config'
export type { Facts, PageFacts, VisitorFacts } from './protocol/facts'
export type { Phase } from './protocol/phase'
export type { Channel, Citation, EscalationReason } from './protocol/records'
export { createRemoteSearch, type RemoteSearchOptions } from './search/remoteSearch'
export type { Highlight, Passage, Reason, SearchProvider, Suggestion } from './search/searchProvider'

/**
 * Makes an assistant and, unless `headless`, draws its launcher.
 *
 * Outside a browser it is headless by itself, so a server-rendered app may call it anywhere.
 *
 * @throws AskletError `options_shape` when an option has the wrong type: what, got, fix
 */
export function createAssistant(given: AssistantOptions = {}): Assistant {
  checkOptions(given)
  // Of the developer's own only: what a page has added to every object is no option.
  const options: AssistantOptions = Object.assign(Object.create(null), given)
  const environment = createEnvironment()
  const ground = { environment, check: checkOptions, watchRoute, name: options.name }
  if (options.headless || !environment.window) return assembleAssistant(options, { ...ground, face: null })

  const { document } = environment.window
  const { launcher: wanted } = options
  if (typeof wanted === 'string') mustBeSelector(wanted, document)
  const host = createHost(document, options.element)
  const launcher = createLauncher(host, options.label ?? labelIn(options.locale)[0])
  const loadPanel = async (): Promise<MountPanel> => {
    const { mountPanel } = await import('./ui/mountPanel')
    const parts = {
      loadArticleView: () => import('./ui/ArticleView'),
      loadConversationView: () => import('./ui/ConversationView'),
    }
    return (host, panel, texts, button) => mountPanel(host.shadow, voiceOf(host), panel, texts, parts, button)
  }
  const loadOffers = once(async () => {
    const { startOffers } = await import('./offers')
    const { config = '/asklet.json', consent, visitor, locale, locales, label, offers } = options
    return startOffers({
      host,
      launcher,
      config,
      name: options.name,
      consent,
      role: visitor?.role,
      locale,
      locales,
      label,
      watches: offers === true,
      calls: [],
      run: createCommands(assistant),
    })
  })
  const face = { ...faceOf(host, launcher, loadPanel), onIntent: intentsOf(launcher, loadPanel) }
  const assistant = assembleAssistant(options, {
    ...ground,
    face,
    loadOffers,
    hasOffers: options.offers === true,
  })
  launcher.button.addEventListener('click', () => assistant.toggle())
  // No element is called `false`.
  if (wanted !== undefined) handOver(host, launcher, wanted || 'false', import('./launcher/hostButtons'))
  return assistant
}

function mustBeSelector(given: string, document: Document): void {
  try {
    document.querySelector(given)
  } catch (cause) {
    throw new AskletError(
      'options_shape',
      `options.launcher must be a CSS selector, an element or false, got "${given}".`,
      { cause },
    )
  }
}
