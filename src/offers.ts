// The chunk of offers: what the loader fetches for `data-offers` or a signal, and nobody else. A bundle of its own, so
// that it brings nothing of the panel along.

import { createOffers, type OfferDeps, type Offers } from './assistant/offers'
import { createEnvironment } from './base/environment'
import type { HostElement } from './launcher/host'
import type { Launcher } from './launcher/launcher'
import { showOffer } from './launcher/offerBubble'
import { voiceOf } from './launcher/voice'

/** What a door has at hand when offers begin. */
export interface OfferSetup
  extends Pick<
    OfferDeps,
    'config' | 'name' | 'consent' | 'role' | 'locale' | 'locales' | 'label' | 'watches' | 'calls' | 'run'
  > {
  readonly host: HostElement
  readonly launcher: Launcher
}

/** Begins to look for reasons to offer help; nothing is shown yet. */
export function startOffers({ host, launcher, ...deps }: OfferSetup): Offers {
  const environment = createEnvironment()
  // A region is heard only if it stood there before its words.
  voiceOf(host)
  const window = host.element.ownerDocument.defaultView as Window & typeof globalThis
  return createOffers({
    ...deps,
    environment: { ...environment, window },
    isOpen: () => launcher.button.getAttribute('aria-expanded') === 'true',
    show: (words, acts) => showOffer(host, launcher, words, acts),
  })
}

/** For the script tag: its `data-*` as they are. */
export function start({
  host,
  launcher,
  settings,
  configUrl,
  calls,
  run,
}: Pick<OfferSetup, 'host' | 'launcher' | 'calls' | 'run'> & {
  readonly settings: Readonly<Record<string, string | undefined>>
  readonly configUrl: string
}): Offers {
  const { global, consent, role, locale, label } = settings
  return startOffers({
    host,
    launcher,
    config: configUrl,
    name: global,
    consent: consent === 'granted' || consent === 'denied' ? consent : 'pending',
    role,
    locale,
    label,
    watches: (settings.offers ?? 'false') !== 'false',
    calls,
    run,
  })
}
