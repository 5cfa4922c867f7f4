// Our ranking with weights that can be set: the very sources, bundled once more with `export const` of
// `src/search/weights.ts` turned into bindings that a setter writes. What ships keeps its constants.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { factsOn } from './asklet'

/** A weight's name, `field.4` for one of a list -> what it is. */
export type Weights = Readonly<Record<string, number>>

export interface SettableRanking {
  /** As `weights.ts` has them. */
  readonly shipped: Weights
  /** Of the code; other weights in `weights.ts` are other code. */
  readonly fingerprint: string
  set(weights: Weights): void
  /** One help centre, ranked by the weights that were set last. `json` as `indexJson` makes it. */
  open(json: string): (query: string, limit: number) => readonly string[]
}

const WEIGHTS_FILE = /src[\\/]search[\\/]weights\.ts$/
const ENTRY = `
  export { readIndex } from './src/knowledge/assembleIndex'
  export { searchable } from './src/search/expansion'
  export { rank } from './src/search/ranking'
  export { near } from './src/search/typos'
  export * as weights from './src/search/weights'
  export { setters } from './src/search/weights'`

interface Bundle {
  readonly readIndex: typeof import('../../../src/knowledge/assembleIndex').readIndex
  readonly searchable: typeof import('../../../src/search/expansion').searchable
  readonly rank: typeof import('../../../src/search/ranking').rank
  readonly near: typeof import('../../../src/search/typos').near
  readonly weights: Readonly<Record<string, unknown>>
  readonly setters: Readonly<Record<string, (value: unknown) => void>>
}

const settable: Plugin = {
  name: 'settable-weights',
  setup({ onLoad }) {
    onLoad({ filter: WEIGHTS_FILE }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const names = [...text.matchAll(/^export const (\w+)/gm)].map(match => match[1])
      const setters = names.map(name => `${name}: value => { ${name} = value }`)
      const contents = `${text.replace(/^export const /gm, 'export let ')}\nexport const setters = { ${setters} }`
      return { contents, loader: 'ts' }
    })
  },
}

/** @throws Error where the sources cannot be bundled; the folder must be the project's */
export async function settableRanking(): Promise<SettableRanking> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
    plugins: [settable],
  })
  const code = outputFiles[0]?.text ?? ''
  mkdirSync('dist', { recursive: true })
  const file = resolve('dist', `settable-ranking-${process.pid}.mjs`)
  writeFileSync(file, code)
  try {
    return rankingOf((await import(pathToFileURL(file).href)) as Bundle, code)
  } finally {
    rmSync(file)
  }
}

function rankingOf({ readIndex, searchable, rank, near, weights, setters }: Bundle, code: string) {
  const shipped = Object.fromEntries(
    Object.entries(weights).flatMap(([name, value]): [string, number][] =>
      Array.isArray(value)
        ? value.map((each, i) => [`${name}.${i}`, Number(each)])
        : typeof value === 'number'
          ? [[name, value]]
          : [],
    ),
  )
  let version = 0
  let stopWord = Number.NaN
  const set = (given: Weights) => {
    const lists = new Map<string, number[]>()
    for (const [path, value] of Object.entries({ ...shipped, ...given })) {
      const [name = '', at] = path.split('.')
      if (at === undefined) setters[name]?.(value)
      else lists.set(name, [...(lists.get(name) ?? []), value])
    }
    for (const [name, list] of lists) setters[name]?.(list)
    version++
    stopWord = given.stopWord ?? shipped.stopWord ?? 0
  }
  set({})

  const open = (json: string) => {
    const index = readIndex(JSON.parse(json))
    // What a word may be mistyped for, and what a text says, take most of a trial and hang on no weight, but for
    // that of stop words.
    const mistaken = new Map<string, ReturnType<typeof near>>()
    const nearOnce: typeof near = (_, word, isOpen) => {
      const key = `${isOpen} ${word}`
      const found = mistaken.get(key) ?? near(index, word, isOpen)
      mistaken.set(key, found)
      return found
    }
    const texts = new Map<number, LastingMap<string, never>>()
    let opened = -1
    let where = searchable(index, nearOnce)
    return (query: string, limit: number) => {
      if (opened !== version) {
        const said = texts.get(stopWord) ?? new LastingMap<string, never>()
        texts.set(stopWord, said)
        where = { ...searchable(index, nearOnce), texts: said }
        where.peers = [where]
        opened = version
      }
      return rank([where], query, factsOn('/nowhere'))
        .slice(0, limit)
        .map(({ row }) => row.id)
    }
  }
  return { shipped, fingerprint: createHash('sha256').update(code).digest('hex'), set, open }
}

/** Never too full to be kept: a bench asks all queries of a help centre again and again. */
class LastingMap<K, V> extends Map<K, V> {
  override get size(): number {
    return 0
  }
}
