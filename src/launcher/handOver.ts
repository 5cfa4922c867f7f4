// Takes our button out of the page where one of the page's own stands in for it. These are a page's first bytes: all that
// is done there comes in a chunk of its own (`hostButtons`), and a press until then is kept for it.

import type { HostElement } from './host'
import type { takeHostButtons } from './hostButtons'
import type { Launcher } from './launcher'

/**
 * @param wanted  a selector (`false` is one, of no element that there is), or the one element
 * @param part    the chunk; where it does not come, our button stands in its place again
 */
export function handOver(
  host: HostElement,
  launcher: Launcher,
  wanted: string | Element,
  part: Promise<{ readonly takeHostButtons: typeof takeHostButtons }>,
): void {
  const { ownerDocument: document } = host.element
  let early: Event | undefined
  const keep = (event: Event) => {
    early = event
  }
  document.addEventListener('click', keep, true)
  launcher.button.remove()
  part
    .then(({ takeHostButtons }) => takeHostButtons(host, launcher, wanted, early))
    .catch(() => host.shadow.append(launcher.button))
    .then(() => document.removeEventListener('click', keep, true))
}
