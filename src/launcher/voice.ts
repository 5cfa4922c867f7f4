// The voice for screen readers, beside the host element. Not in the first bytes: until a visitor turns to the button
// there is nothing to say.

import { createVoice, type Voice } from '../base/voice'
import type { HostElement } from './host'

/**
 * The one voice of `host`, made when it is first asked for; it goes when the host does.
 *
 * In the light DOM: VoiceOver on iOS does not read live regions in a shadow root.
 */
export function voiceOf(host: HostElement): Voice {
  if (host.voice) return host.voice
  const document = host.element.ownerDocument
  const voice = createVoice(document)
  voice.element.dataset.asklet = 'status'
  if (!host.isRemoved) document.documentElement.append(voice.element)
  host.voice = voice
  return voice
}
