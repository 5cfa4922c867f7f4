// Everything the desk says, in English: one flat map, so that another language is another map.

import type { TextMap } from '../base/texts'
import fileTexts from '../ui/files.en.json'
import own from './texts/en.json'

export const DESK_TEXTS: TextMap = { ...fileTexts, ...own }
