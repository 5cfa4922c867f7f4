// A browser tab's part: the real live half on IndexedDB, Web Locks and BroadcastChannel. Shows nothing but a count;
// what it would show is written down.

import type { Line } from './history'
import { createPerson, type Status } from './person'

export interface PageHandle {
  say(): Promise<string>
  status(): Status
  end(): void
  setPace(ms: number): void
}

declare global {
  interface Window {
    /** Given by the run: appends a line to this browser's history. */
    askletRecord(line: string): Promise<void>
    asklet?: PageHandle
  }
}

const asked = new URLSearchParams(location.search)
const parameter = (name: string) => asked.get(name) ?? ''
const record = (line: Line) => window.askletRecord(JSON.stringify(line))
const load =
  parameter('load') || `${Date.now().toString(36)}${Math.floor(Math.random() * 1_296).toString(36)}`
const screen = `${parameter('sender')}#${load}`
let paceMs = Number(parameter('pace'))

addEventListener('pageshow', event => {
  const [loaded] = performance.getEntriesByType('navigation') as { notRestoredReasons?: unknown }[]
  const why = JSON.stringify(loaded?.notRestoredReasons ?? null)
  void record({ kind: 'note', screen, what: event.persisted ? 'pageshow persisted' : `pageshow ${why}` })
})

const person = await createPerson({
  visitor: parameter('visitor'),
  sender: parameter('sender'),
  load,
  line: parameter('line'),
  serverUrl: parameter('server'),
  record,
})
window.asklet = {
  say: () => person.say(),
  status: person.status,
  end: person.end,
  setPace(ms) {
    paceMs = ms
  },
}
document.title = 'ready'
for (;;) {
  const pace = paceMs || 300
  await new Promise(done => setTimeout(done, Math.random() * 2 * pace))
  if (paceMs) await person.say()
}
