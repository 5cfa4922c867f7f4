// Example sentences of intents, as a site writes them: `<intent>.txt` with one a line, or *.jsonl of { text, label }.
// Owns their shapes and the sentences about what is wrong with a line.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe } from '../base/errors'
import type { PlacedExample } from '../understanding/training/examples'
import { usageError } from './arguments'
import type { Finding } from './findings'

/** In the articles folder, unless another place is named. */
export const INTENTS_FOLDER = 'intents'

export interface IntentFiles {
  readonly examples: readonly PlacedExample[]
  readonly findings: readonly Finding[]
}

/**
 * @param folder  the articles folder
 * @param named   a folder or a file; unset: `intents` in the articles folder, where there is one
 * @throws AskletError `cli_usage` when `named` is not there
 */
export function readIntents(folder: string, named: string | undefined, usage: string): IntentFiles {
  const path = named ?? join(folder, INTENTS_FOLDER)
  if (!existsSync(path)) {
    if (named === undefined) return { examples: [], findings: [] }
    throw usageError(`--intents must name a folder or a file that is there, got ${describe(named)}`, usage)
  }
  const paths = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter(name => /\.(?:txt|jsonl)$/i.test(name))
        .sort()
        .map(name => join(path, name))
    : [path]
  const examples: PlacedExample[] = []
  const findings: Finding[] = []
  for (const each of paths) {
    const file = basename(each)
    const label = file.replace(/\.[^.]+$/, '')
    const lines = readFileSync(each, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
    for (const [at, row] of lines.entries()) {
      const text = row.trim()
      const line = at + 1
      if (!text || (!/\.jsonl$/i.test(file) && text.startsWith('#'))) continue
      if (!/\.jsonl$/i.test(file)) {
        examples.push({ text, label, file, line })
        continue
      }
      const read = exampleOf(text)
      if (read) examples.push({ ...read, file, line })
      else {
        const sentence = `a line must be {"text": "…", "label": "…"}, got ${describe(text)}. Each is one sentence and the name of its intent.`
        findings.push({ kind: 'intents', file, line, sentence })
      }
    }
  }
  return { examples, findings }
}

function exampleOf(json: string): { readonly text: string; readonly label: string } | null {
  try {
    const { text, label } = Object(JSON.parse(json))
    return typeof text === 'string' && typeof label === 'string' && label ? { text, label } : null
  } catch {
    return null
  }
}
