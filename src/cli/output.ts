// Where commands speak: a terminal, or a list in a test. Commands never touch process.stdout.

export interface Output {
  /** A line of the result: standard output. */
  line(text: string): void
  /** A line about what went wrong: standard error. */
  error(text: string): void
  /** How far a long task is; `done === total` ends it. */
  progress?(done: number, total: number, label: string): void
}

/** What this file needs of a stream. */
export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

const BAR_CELLS = 24

/**
 * The real terminal. Progress goes to standard error, so that a pipe gets the result only: a bar that redraws
 * itself where a person watches, a line every 10 % in a log.
 */
export function createTerminal(stdout: TextStream, stderr: TextStream): Output {
  let isBarShown = false
  let lastTenth = -1
  let lastLabel = ''
  const clearBar = () => {
    if (isBarShown) stderr.write('\r\u001b[K')
    isBarShown = false
  }
  return {
    line(text) {
      clearBar()
      stdout.write(`${text}\n`)
    },
    error(text) {
      clearBar()
      stderr.write(`${text}\n`)
    },
    progress(done, total, label) {
      const share = total > 0 ? Math.min(1, done / total) : 1
      const percent = `${String(Math.floor(share * 100)).padStart(3)} %`
      if (stderr.isTTY) {
        const filled = Math.round(share * BAR_CELLS)
        stderr.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${percent} ${label}`)
        isBarShown = true
        if (done >= total) clearBar()
        return
      }
      if (label !== lastLabel) lastTenth = -1
      lastLabel = label
      const tenth = Math.floor(share * 10)
      if (tenth === lastTenth) return
      lastTenth = tenth
      stderr.write(`${percent} ${label} (${done} of ${total})\n`)
    },
  }
}
