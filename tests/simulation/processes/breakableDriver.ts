// The SQLite driver with a trap in it: the process kills itself at a chosen place around the next commit that
// holds events, or that commit fails. Stands in for `libsql` in the server's process, so that the place is exact whatever the store
// above it looks like. Everything else is the driver's own.

import Libsql from 'libsql'

/**
 * `before`: nothing is written yet. `inside`: written, not committed. `after`: committed, nobody told.
 * `refused`: the process lives on, but this commit fails as on a broken disk.
 */
export type Trap = 'before' | 'inside' | 'after' | 'refused'

let trap: Trap | null = null
/** The transaction under way inserts events. */
let holdsEvents = false

export function armTrap(next: Trap): void {
  trap = next
}

const spring = (at: Trap) => {
  if (trap === at && holdsEvents) process.kill(process.pid, 'SIGKILL')
}
const refuse = () => {
  if (trap !== 'refused' || !holdsEvents) return
  trap = null
  throw new Error('disk I/O error, by the trap')
}
const INSERT = /^insert into "?asklet_events/i

interface Statement {
  run(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
}

// biome-ignore lint/style/noDefaultExport: it stands in for a module that has one.
export default class Breakable extends (Libsql as unknown as new (
  file: string,
) => { prepare(text: string): Statement; exec(text: string): unknown }) {
  override prepare(text: string): Statement {
    const statement = super.prepare(text)
    if (INSERT.test(text)) {
      const before = () => {
        holdsEvents = true
        spring('before')
      }
      return watched(statement, before, () => {})
    }
    if (/^(commit|end)\b/i.test(text))
      return watched(
        statement,
        () => {
          refuse()
          spring('inside')
        },
        () => {
          spring('after')
          holdsEvents = false
        },
      )
    if (/^rollback$/i.test(text))
      return watched(
        statement,
        () => {},
        () => {
          holdsEvents = false
        },
      )
    return statement
  }
}

function watched(statement: Statement, before: () => void, after: () => void): Statement {
  const around =
    (run: (...parameters: unknown[]) => unknown) =>
    (...parameters: unknown[]) => {
      before()
      const result = run.apply(statement, parameters)
      after()
      return result
    }
  return new Proxy(statement, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const call = value as (...parameters: unknown[]) => unknown
      return name === 'run' || name === 'all' ? around(call) : call.bind(target)
    },
  })
}
