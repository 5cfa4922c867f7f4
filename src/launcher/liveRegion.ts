// The voice for screen readers, beside the host element. Not in the first bytes: until a visitor turns to the button
// there is nothing to say.

import type { HostElement } from './host'

/**
 * Hidden from sight, not from a screen reader. Important, because a page may style every element that way, and this
 * one stands among its own. Set through CSSOM: a strict `style-src` forbids attributes.
 */
const OUT_OF_SIGHT =
  'all:initial;position:fixed;top:0;left:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'

/**
 * The one polite live region of `host`, made when it is first asked for; it goes when the host does.
 *
 * In the light DOM: VoiceOver on iOS does not read live regions in a shadow root.
 */
export function liveRegionOf(host: HostElement): HTMLElement {
  if (host.liveRegion) return host.liveRegion
  const document = host.element.ownerDocument
  const liveRegion = document.createElement('div')
  liveRegion.setAttribute('role', 'status')
  liveRegion.setAttribute('aria-live', 'polite')
  liveRegion.dataset.asklet = 'status'
  liveRegion.style.cssText = OUT_OF_SIGHT.replace(/;|$/g, '!important;')
  if (!host.isRemoved) document.documentElement.append(liveRegion)
  host.liveRegion = liveRegion
  return liveRegion
}
