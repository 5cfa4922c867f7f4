// What the verbs of a page are handed, held against its plain kinds: enough to never apply what cannot work. The
// sentences for a developer come in a chunk of their own, when there is something to say.

import { AskletError } from '../base/errors'
import { isLike, type Sample } from '../base/plain'
import type { AssistantOptions } from './options'

const SAMPLE: Sample = {
  visitor: {},
  prefill: {},
  theme: '',
  density: '',
  accent: '',
  position: '',
  label: '',
  texts: {},
  locale: '',
  consent: '',
}

/** @throws AskletError `options_shape`; its details follow in the console */
export function checkPlainly(options: AssistantOptions): void {
  if (isLike(options, SAMPLE)) return
  import('./options')
    .then(({ checkOptions }) => checkOptions(options))
    .catch(error => console.error(error.message))
  throw new AskletError('options_shape', 'a verb was given what it cannot take.')
}
