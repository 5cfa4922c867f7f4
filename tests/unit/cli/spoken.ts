// An output that remembers what a command said.

import type { Output } from '../../../src/cli/output'

export interface Spoken extends Output {
  readonly lines: string[]
  readonly errors: string[]
  readonly steps: string[]
}

export function createSpoken(): Spoken {
  const lines: string[] = []
  const errors: string[] = []
  const steps: string[] = []
  return {
    lines,
    errors,
    steps,
    line: text => void lines.push(text),
    error: text => void errors.push(text),
    progress: (done, total, label) => void steps.push(`${done}/${total} ${label}`),
  }
}
