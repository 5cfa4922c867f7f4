// The file behind `--with`: other pages to be measured in the same run. Owns its shape and the sentences about what
// is wrong with it. Refuses to look at the pages themselves.

import { dirname, resolve } from 'node:path'

export interface Rival {
  /** Its column. */
  readonly name: string
  /** An HTML file, or a folder with an `index.html`; absolute. All files beside it are served with it. */
  readonly page: string
  /** CSS selector of what opens it; looked for in the page and in every shadow root. */
  readonly launcher: string
  /** CSS selector of the field that a visitor types into once it is open; looked for likewise. */
  readonly input: string
}

const KEYS = ['name', 'page', 'launcher', 'input'] as const
const TAKEN = ['empty', 'floor', 'ours']

/**
 * @param text  of the file: one object, or a list of them
 * @param file  its path, for relative pages and for errors
 * @throws Error that says what, got and fix
 */
export function parseRivals(text: string, file: string): readonly Rival[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} must be JSON, got a text that is none (${(error as Error).message}).`)
  }
  const rivals = (Array.isArray(parsed) ? parsed : [parsed]).map((each, i) =>
    rivalOf(each, `${file}[${i}]`, file),
  )
  const names = new Set(TAKEN)
  for (const { name } of rivals) {
    if (names.has(name))
      throw new Error(
        `${file}: "${name}" names two columns. Call it otherwise; taken are ${[...names].join(', ')}.`,
      )
    names.add(name)
  }
  return rivals
}

function rivalOf(value: unknown, where: string, file: string): Rival {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where} must be an object with ${KEYS.join(', ')}, got ${JSON.stringify(value)}.`)
  const given = value as Record<string, unknown>
  const text = (key: (typeof KEYS)[number]): string => {
    const found = given[key]
    if (typeof found !== 'string' || !found)
      throw new Error(`${where}.${key} must be a text, got ${JSON.stringify(found) ?? 'nothing'}.`)
    return found
  }
  for (const key of Object.keys(given))
    if (!KEYS.some(known => known === key))
      throw new Error(`${where}.${key} is not known. Known are ${KEYS.join(', ')}.`)
  return {
    name: text('name'),
    page: resolve(dirname(file), text('page')),
    launcher: text('launcher'),
    input: text('input'),
  }
}
