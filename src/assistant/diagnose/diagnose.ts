// `diagnose()`: what is wrong with an installation, as a report for programs and, in the console, for people. A chunk
// of its own, which no visitor fetches.

import { COMPATIBLE_LINES, policyLines } from '../../protocol/sources'
import { type Finding, findingsOf, type Observations } from './findings'
import { type DiagnoseDeps, observe } from './observe'
import { printablePolicy } from './pagePolicy'

/** What `diagnose()` resolves to. */
export interface Diagnosis {
  /** Of the assistant. */
  readonly version: string
  /** Without query. */
  readonly page: string
  /** Worst first; empty when nothing was found. */
  readonly findings: readonly Finding[]
  /** Lines of a content security policy that this page needs, whether it has one or not. */
  readonly policy: readonly string[]
  /** What was looked at, and what it said. */
  readonly checked: readonly { readonly what: string; readonly said: string }[]
}

/** Looks, judges, prints and returns. Never rejects in a browser. */
export async function diagnose(deps: DiagnoseDeps): Promise<Diagnosis> {
  const { window } = deps.environment
  if (!window) return { version: __VERSION__, page: '', findings: [], policy: [], checked: [] }
  const seen = await observe(deps, window)
  const diagnosis = {
    version: seen.version.chunks,
    page: seen.page,
    findings: findingsOf(seen),
    policy: [...policyLines(seen.policy.needed), ...COMPATIBLE_LINES],
    checked: checkedOf(seen),
  }
  print(diagnosis)
  return diagnosis
}

function checkedOf(seen: Observations): Diagnosis['checked'] {
  const { reached, socket, storage, skewMs, policy, consent } = seen
  return [
    ...reached.map(({ name, url, outcome, status }) => ({
      what: name,
      said: `${outcome === 'answered' ? status : outcome} ${url}`,
    })),
    ...(socket ? [{ what: 'WebSocket', said: `${socket.isOpen ? 'open' : 'closed'} ${socket.url}` }] : []),
    {
      what: 'policy',
      said:
        [...policy.enforced, ...policy.reportOnly].map(printablePolicy).join(' | ') ||
        'none, or it could not be read',
    },
    {
      what: 'clock',
      said:
        skewMs === null ? 'no server told the time' : `${Math.round(skewMs / 1_000)} s ahead of the server's`,
    },
    ...Object.entries(storage).map(([what, said]) => ({ what, said })),
    { what: 'consent', said: consent + (seen.refusesTracking ? ', Global Privacy Control on' : '') },
  ]
}

const SAY = { error: 'error', warning: 'warn', note: 'info' } as const

function print({ version, page, findings, checked, policy }: Diagnosis): void {
  const count = findings.length === 1 ? '1 finding' : `${findings.length || 'no'} findings`
  console.group(`Asklet ${version} on ${page}: ${count}`)
  for (const { code, severity, what, got, fix } of findings)
    console[SAY[severity]](`[${code}] ${what}\n  got: ${got}\n  fix: ${fix}`)
  console.table(checked)
  console.info(`Content security policy, needed here:\n  ${policy.join('\n  ')}`)
  console.groupEnd()
}
