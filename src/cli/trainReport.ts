// What `asklet train` says: mistakes, figures of each intent, what is mixed up, what would help, and last the lines
// `name: value` that programs read. Pure.

import { brotliCompressSync } from 'node:zlib'
import type { Confusion, LabelFigures, Training, TrainingReport } from '../understanding/training/trainModel'
import type { Finding } from './findings'

/** Below this recall an intent is said to need examples; above this number of them, others are the trouble. */
const LOW_RECALL = 0.8
const FEW_EXAMPLES = 15
/** A pair is worth a word from this share of the smaller intent's examples on, and from two mistakes. */
const MIXED_SHARE = 0.1
const MOST_SHOWN = 12

export interface Advice {
  /** Intents that are missed too often, with few examples, worst first. */
  readonly needExamples: readonly string[]
  /** Pairs that are taken for one another, most often first. */
  readonly tellApart: readonly (readonly [string, string])[]
}

export function adviceOf({ labels, confusions }: Pick<TrainingReport, 'labels' | 'confusions'>): Advice {
  const examplesOf = new Map(labels.map(({ label, examples }) => [label, examples]))
  const pairs = new Map<string, { pair: readonly [string, string]; count: number }>()
  for (const { label, takenFor, count } of confusions) {
    const pair = label < takenFor ? ([label, takenFor] as const) : ([takenFor, label] as const)
    const key = pair.join('\n')
    pairs.set(key, { pair, count: count + (pairs.get(key)?.count ?? 0) })
  }
  const smaller = (pair: readonly [string, string]) =>
    Math.min(...pair.map(label => examplesOf.get(label) ?? 0))
  return {
    needExamples: labels
      .filter(({ recall, examples }) => recall < LOW_RECALL && examples < FEW_EXAMPLES)
      .sort((a, b) => a.recall - b.recall)
      .map(({ label }) => label),
    tellApart: [...pairs.values()]
      .filter(({ pair, count }) => count >= 2 && count >= MIXED_SHARE * smaller(pair))
      .sort((a, b) => b.count - a.count)
      .map(({ pair }) => pair),
  }
}

/** @param asJson  one line, an object with everything that the lines say */
export function trainReport(
  { file, report }: Training,
  findings: readonly Finding[],
  { json, seconds }: { readonly json: string; readonly seconds: number },
  asJson: boolean,
): readonly string[] {
  const advice = adviceOf(report)
  const figures = {
    intents: report.labels.length,
    examples: report.labels.reduce((sum, { examples }) => sum + examples, 0),
    accuracy: round(report.accuracy),
    'calibration-error': round(report.calibrationError),
    'out-of-scope-area': round(report.outsideArea),
    'out-of-scope-threshold': file.thresholds.outside,
    'model-bytes': Buffer.byteLength(json),
    'model-br': brotliCompressSync(json).length,
    seconds: Math.round(seconds * 10) / 10,
  }
  if (asJson)
    return [
      JSON.stringify({ figures, labels: report.labels, confusions: report.confusions, advice, findings }),
    ]
  const lines: string[] = findings.map(({ file: name, line, sentence }) => `${name}:${line}: ${sentence}`)
  if (lines.length) lines.push('')
  lines.push(...labelTable(report.labels), '')
  if (report.confusions.length)
    lines.push('Mixed up:', ...report.confusions.slice(0, MOST_SHOWN).map(mixedUp), '')
  if (advice.needExamples.length)
    lines.push(`More examples would help: ${advice.needExamples.slice(0, MOST_SHOWN).join(', ')}`)
  for (const [a, b] of advice.tellApart.slice(0, MOST_SHOWN)) lines.push(`Tell apart, or join: ${a} and ${b}`)
  if (advice.needExamples.length || advice.tellApart.length) lines.push('')
  lines.push(...Object.entries(figures).map(([name, value]) => `${name}: ${value}`))
  return lines
}

function labelTable(labels: readonly LabelFigures[]): readonly string[] {
  const width = Math.max(6, ...labels.map(({ label }) => label.length))
  const row = (...cells: readonly string[]) =>
    cells.map((cell, at) => (at ? cell.padStart(10) : cell.padEnd(width))).join('')
  return [
    row('intent', 'examples', 'found', 'right'),
    ...[...labels]
      .sort((a, b) => a.recall - b.recall || (a.label < b.label ? -1 : 1))
      .map(({ label, examples, recall, precision }) =>
        row(label, String(examples), percent(recall), percent(precision)),
      ),
  ]
}

const mixedUp = ({ label, takenFor, count, text }: Confusion) =>
  `  ${count} × ${label} taken for ${takenFor}: "${text}"`
const percent = (share: number) => `${Math.round(share * 100)} %`
const round = (share: number) => Math.round(share * 1_000) / 1_000
