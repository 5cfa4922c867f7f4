// The usual case of `asklet.json`, in few bytes for the first chunk of a page: every key is known and plainly of
// its kind. All else (a problem, a key nobody reads, an `answer`, whose address is more than a string) is for the schema
// in `config.ts`, which has the sentences.

import { isLike, type Sample } from '../base/plain'
import type { Config } from './config'

const SAMPLE: Sample = {
  $schema: '',
  enabled: true,
  name: '',
  knowledge: '',
  search: { url: '' },
  server: '',
  locale: '',
  label: '',
  accent: '',
  theme: '',
  density: '',
  position: '',
  texts: {},
  // Looked at by who reads them.
  locales: {},
  contact: { email: '', phone: '' },
  channels: { live: true, ticket: true, email: true, phone: true },
  policyTopics: [{ topic: '', words: [''], off: true }],
  // Looked at by who makes them.
  offers: [{}],
  images: [''],
  journal: true,
  // An object is for the server, and for the schema.
  attachments: true,
  // The server's: no browser reads them.
  hours: {},
  origins: [''],
  priorities: {},
  disputes: {},
  serviceLevels: {},
  reviews: {},
  maxWaitMinutes: 0,
  // Read by both ends.
  tickets: { reopenWithinDays: 0 },
}

/**
 * The configuration with its defaults, or null when the schema has to look at it.
 *
 * @param given  the text of the file, or what is in it
 */
export function plainConfig(given: unknown): Config | null {
  let file = given
  try {
    if (typeof given === 'string') file = JSON.parse(given)
  } catch {
    return null
  }
  return isLike(file, SAMPLE)
    ? ({ __proto__: null, enabled: true, name: 'Help', journal: false, ...(file as object) } as Config)
    : null
}
