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
    /** Given by the run: appends a line to this browser's history; one with the same id is known. */
    askletRecord(line: string, id: string): Promise<void>
    asklet?: PageHandle
  }
}

const asked = new URLSearchParams(location.search)
const parameter = (name: string) => asked.get(name) ?? ''
const load =
  parameter('load') || `${Date.now().toString(36)}${Math.floor(Math.random() * 1_296).toString(36)}`
const screen = `${parameter('sender')}#${load}`

// A line on its way to the run is lost where the page is put aside at that moment, so each is kept until it is known
// to be there, and told again when the page is back.
const underway = new Map<string, { readonly line: string; readonly done: () => void }>()
let lines = 0
async function tell(id: string): Promise<void> {
  const told = underway.get(id)
  if (!told) return
  await window.askletRecord(told.line, id)
  underway.delete(id)
  told.done()
}
function record(line: Line): Promise<void> {
  const id = `${screen} ${++lines}`
  return new Promise(done => {
    underway.set(id, { line: JSON.stringify(line), done })
    void tell(id)
  })
}
let paceMs = Number(parameter('pace'))

addEventListener('pageshow', event => {
  for (const id of underway.keys()) void tell(id)
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
