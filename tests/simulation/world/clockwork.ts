// Time of a simulated world: tasks in order of their moment, and of their making where the moment is the same.
// Nothing in it waits: a minute of a quiet world costs as much as the tasks that fall into it.

export interface Clockwork {
  /** Milliseconds since the world began, plus a round number so that no moment is 0. */
  now(): number
  /** Runs `task` once after `ms`; the undo takes it off. */
  after(ms: number, task: () => void): () => void
  /** Lets `ms` pass. */
  run(ms: number): void
}

interface Task {
  readonly at: number
  readonly n: number
  run: (() => void) | null
}

const BEGIN = 1_000_000

export function createClockwork(): Clockwork {
  // A binary heap: the earliest task is at 1, the two behind place n are at 2n and 2n + 1.
  const heap: Task[] = []
  let size = 0
  let now = BEGIN
  let made = 0

  const isBefore = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.n < b.n)
  const push = (task: Task) => {
    let place = ++size
    while (place > 1) {
      const above = place >> 1
      const other = heap[above] as Task
      if (!isBefore(task, other)) break
      heap[place] = other
      place = above
    }
    heap[place] = task
  }
  const pop = (): Task => {
    const first = heap[1] as Task
    const last = heap[size--] as Task
    let place = 1
    for (;;) {
      let below = place * 2
      if (below > size) break
      if (below < size && isBefore(heap[below + 1] as Task, heap[below] as Task)) below++
      const other = heap[below] as Task
      if (!isBefore(other, last)) break
      heap[place] = other
      place = below
    }
    heap[place] = last
    return first
  }

  return {
    now: () => now,
    after(ms, task) {
      const entry: Task = { at: now + Math.max(0, ms), n: ++made, run: task }
      push(entry)
      return () => {
        entry.run = null
      }
    },
    run(ms) {
      const end = now + ms
      while (size > 0 && (heap[1] as Task).at <= end) {
        const { at, run } = pop()
        now = Math.max(now, at)
        run?.()
      }
      now = end
    },
  }
}
