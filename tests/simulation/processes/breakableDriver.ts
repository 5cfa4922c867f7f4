// The SQLite driver with a trap in it. Stands in for `libsql` in the server's process, so that the place where it
// breaks is exact whatever the store above it looks like. Everything else is the driver's own.

import Libsql from 'libsql'
import { isBait, refuseOnce, spring } from './trap'

/** The transaction under way inserts events. */
let holdsEvents = false

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
    if (/^\s*insert/i.test(text))
      return watched(
        statement,
        values => {
          if (!isBait(text, values)) return
          holdsEvents = true
          spring('before')
        },
        () => {},
      )
    if (/^(commit|end)\b/i.test(text))
      return watched(
        statement,
        () => {
          if (!holdsEvents) return
          refuseOnce()
          spring('inside')
        },
        () => {
          if (holdsEvents) spring('after')
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

function watched(
  statement: Statement,
  before: (values: readonly unknown[]) => void,
  after: () => void,
): Statement {
  const around =
    (run: (...parameters: unknown[]) => unknown) =>
    (...parameters: unknown[]) => {
      before(parameters)
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
