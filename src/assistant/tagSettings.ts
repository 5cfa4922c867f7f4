// The script tag's `data-*` as options. Words that make no sense are named once in the console and left out:
// a typing mistake in a template must not take help away from a whole site.

import type { AssistantOptions } from './options'

export type TagSettings = Readonly<Record<string, string | undefined>>

/** What a tag may say, and the words where only some make sense. */
export const ALLOWED_SETTINGS: Readonly<Record<string, readonly string[] | null>> = {
  position: ['left', 'right'],
  theme: ['auto', 'light', 'dark', 'host'],
  density: ['comfortable', 'compact'],
  consent: ['pending', 'granted', 'denied'],
  accent: null,
  launcher: null,
  label: null,
  locale: null,
  answer: null,
}

/** The tag's words as options; what makes no sense is named in the console and left out. */
export function fromTag(settings: TagSettings, configUrl: string): AssistantOptions {
  // No prototype: a page may have added `search` or `answer` to every object, and visitors' words would go there.
  const options: Record<string, unknown> = { __proto__: null, config: configUrl }
  for (const [name, allowed] of Object.entries(ALLOWED_SETTINGS)) {
    const value = settings[name]
    if (!value) continue
    if (!allowed || allowed.includes(value)) options[name] = value
    else console.warn(`Asklet: data-${name} must be ${allowed.join(', ')}, got "${value}". It is left out.`)
  }
  if (settings.titleNotice === 'false') options.titleNotice = false
  if (settings.role) options.visitor = { role: settings.role }
  return options
}
