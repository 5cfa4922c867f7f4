// The Postgres driver with a trap in it; see `breakableDriver`. Several transactions are under way at once, each on
// a connection of its own.

import pg from 'pg'
import { isBait, spring } from './trap'

const holdsEvents = new WeakSet<object>()
const plain = pg.Client.prototype.query as (...parameters: unknown[]) => unknown

function query(this: pg.Client, ...parameters: unknown[]): unknown {
  const [first] = parameters
  const text = typeof first === 'string' ? first : ((first as { text?: string } | null)?.text ?? '')
  const values = (first as { values?: unknown[] } | null)?.values ?? parameters[1]
  if (isBait(text, Array.isArray(values) ? values : [])) {
    holdsEvents.add(this)
    spring('before')
  }
  const commits = /^commit$/i.test(text) && holdsEvents.has(this)
  if (commits) spring('inside')
  if (/^(commit|rollback)$/i.test(text)) holdsEvents.delete(this)
  const answer = plain.apply(this, parameters)
  if (commits && answer instanceof Promise) return answer.finally(() => spring('after'))
  return answer
}
pg.Client.prototype.query = query as never

// biome-ignore lint/style/noDefaultExport: it stands in for a module that has one.
export default pg
