// Hostile texts from outside, which the project does not carry: found through ASKLET_DATA, skipped without.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILES = [
  'socketio-packets',
  'json-torture',
  'json-fuzz-proto',
  'unicode-naughty',
  'css-clobber-csv-jwt',
  'upload-filenames',
  'prompt-injection',
  'xss-dompurify',
  'xss-html5sec',
  'xss-lists',
] as const
export type CorpusName = (typeof FILES)[number]

export interface Corpora {
  /** Inputs as they are on the wire. Empty where there is no such file. */
  of(name: CorpusName): readonly Buffer[]
  readonly missing: readonly CorpusName[]
}

/** @param atMost  of each corpus, evenly spread over it */
export function readCorpora(folder: string | undefined, atMost = Number.POSITIVE_INFINITY): Corpora {
  const found = new Map<CorpusName, readonly Buffer[]>()
  for (const name of FILES) {
    const file = folder && join(folder, 'hostile', `${name}.json`)
    if (!file || !existsSync(file)) continue
    const items = JSON.parse(readFileSync(file, 'utf8')) as { text?: string; base64?: string }[]
    const step = Math.max(1, Math.ceil(items.length / atMost))
    found.set(
      name,
      items
        .filter((_, n) => n % step === 0)
        .map(({ text, base64 }) =>
          base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'),
        ),
    )
  }
  return { of: name => found.get(name) ?? [], missing: FILES.filter(name => !found.has(name)) }
}
