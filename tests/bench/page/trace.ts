// What a trace says of the page's main thread. Pure: takes events, returns milliseconds.

export interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** Of the thread's own clock: what other programs took of the processor is not in it. */
  readonly tdur?: number
  readonly args?: {
    readonly name?: string
    readonly data?: { readonly url?: string }
    readonly beginData?: { readonly url?: string }
  }
}

export interface MainThread {
  /** Compiling, evaluating and calling the page's own scripts. */
  readonly scriptMs: number
  /** All tasks from the one on that meets the first of these scripts: styles, layout and paint included. */
  readonly taskMs: number
}

/** In a page without scripts tasks are counted from when one would have come: a round trip later, ms. */
const SCRIPT_AFTER_MS = 562

const urlOf = ({ args }: TraceEvent) => args?.data?.url ?? args?.beginData?.url ?? ''

/**
 * Not of all tasks: parsing and painting the page itself takes a hundred times what a launcher takes, and differs from
 * run to run by more.
 *
 * @param origin  of the page; what the browser and the debugger run by themselves has another one, or none
 * @throws Error where no thread of the trace has met a page of `origin`
 */
export function mainThread(events: readonly TraceEvent[], origin: string): MainThread {
  const isOurs = (event: TraceEvent) => urlOf(event).startsWith(`${origin}/`)
  const parsed = events.find(event => event.name === 'ParseHTML' && isOurs(event))
  if (!parsed) throw new Error(`The trace must hold a page of ${origin}, got none. Did it load?`)
  const own = events
    .filter(({ ph, pid, tid }) => ph === 'X' && pid === parsed.pid && tid === parsed.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  const scripts = own.filter(
    event => /^(?:EvaluateScript|FunctionCall|v8\.)/.test(event.name) && isOurs(event),
  )
  const tasks = own.filter(({ name }) => name === 'RunTask')
  const from = scripts[0]?.ts ?? parsed.ts + SCRIPT_AFTER_MS * 1_000
  return {
    scriptMs: outermost(scripts),
    taskMs: outermost(tasks.filter(({ ts, dur = 0 }) => ts + dur > from)),
  }
}

/** What stands within another is counted with that one. */
function outermost(sorted: readonly TraceEvent[]): number {
  let end = -Infinity
  let sum = 0
  for (const { ts, dur = 0, tdur = dur } of sorted) {
    if (ts < end) continue
    end = ts + dur
    sum += tdur
  }
  return sum / 1_000
}
