// The costliest functions of a CPU profile, as a table that fits a terminal.

import { readFileSync } from 'node:fs'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
      readonly columnNumber: number
    }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const SHOWN = 45

/** Time in the function itself, microseconds for each of `count`, costliest first. */
export function costliest(file: string, count: number): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber, columnNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}:${columnNumber + 1}`,
    ]),
  )
  const own = new Map<string, number>()
  samples.forEach((id, n) => {
    const name = names.get(id) ?? ''
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[n] ?? 0))
  })
  const rows = [...own].sort(([, a], [, b]) => b - a).slice(0, SHOWN)
  return [
    `${file}: microseconds for each of ${count}`,
    ...rows.map(([name, time]) => `${(time / count).toFixed(2).padStart(8)}  ${name}`),
  ].join('\n')
}
