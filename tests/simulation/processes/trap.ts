// Where around a commit a node is to break. Set by the node's process, asked by the stand-in for its driver.

/**
 * `before`: nothing is written yet. `inside`: written, not committed. `after`: committed, nobody told.
 * `refused`: the process lives on, but this commit fails as on a broken disk.
 */
export type Trap = 'before' | 'inside' | 'after' | 'refused'

let trap: Trap | null = null
let holding = ''

/** @param what  only where one of the inserted values holds this; default: any insert of events */
export function armTrap(next: Trap, what = ''): void {
  trap = next
  holding = what
}

/** Does this statement insert events that the trap waits for? */
export function isBait(text: string, values: readonly unknown[]): boolean {
  if (!/^\s*insert into "?asklet_events/i.test(text)) return false
  return holding === '' || values.flat().some(value => typeof value === 'string' && value.includes(holding))
}

/** Called by the driver at each place of a transaction that inserts events; the process ends here if it is the one. */
export function spring(at: Trap): void {
  if (trap === at) process.kill(process.pid, 'SIGKILL')
}

/** Throws, once, where the commit is to fail. */
export function refuseOnce(): void {
  if (trap !== 'refused') return
  trap = null
  throw new Error('disk I/O error, by the trap')
}
