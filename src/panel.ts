// The first lazy chunk of the script tag: takes over the launcher that the loader drew.

import { createCommands } from './assistant/commands'
import { assembleAssistant } from './assistant/createAssistant'
import { faceOf } from './assistant/face'
import type { Offers } from './assistant/offers'
import { checkPlainly } from './assistant/plainOptions'
import { fromTag, type TagSettings } from './assistant/tagSettings'
import { createEnvironment } from './base/environment'
import type { watchRoute } from './base/route'
import type { HostElement } from './launcher/host'
import type { Launcher } from './launcher/launcher'
import { voiceOf } from './launcher/voice'
import { mountPanel } from './ui/mountPanel'

export interface Setup {
  readonly host: HostElement
  readonly launcher: Launcher
  /** The script tag's `data-*`. */
  readonly settings: TagSettings
  readonly configUrl: string
  readonly config: Promise<Response>
  readonly watchRoute: typeof watchRoute
  readonly loadOffers: () => Promise<Offers>
  /** They have begun. */
  readonly hasOffers: boolean
}

/** Starts the assistant and returns the verb function that the page's global calls from now on. */
export function start(setup: Setup): (...call: readonly unknown[]) => unknown {
  const assistant = assembleAssistant(fromTag(setup.settings, setup.configUrl), {
    environment: createEnvironment(),
    face: faceOf(setup.host, setup.launcher, async () => (host, panel, texts, button) => {
      const parts = {
        loadArticleView: () => import('./ui/ArticleView'),
        loadConversationView: () => import('./ui/ConversationView'),
      }
      return mountPanel(host.shadow, voiceOf(host), panel, texts, parts, button)
    }),
    configResponse: setup.config,
    name: setup.settings.global,
    check: checkPlainly,
    watchRoute: setup.watchRoute,
    loadOffers: setup.loadOffers,
    hasOffers: setup.hasOffers,
  })
  return createCommands(assistant)
}
