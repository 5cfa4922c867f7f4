// `asklet check --csp`: the lines of a content security policy that a site needs, from its asklet.json. Which sources
// these are is `protocol/sources`' to know; here they are printed.

import type { AskletConfig } from '../protocol/config'
import { COMPATIBLE_LINES, neededSources, policyLines } from '../protocol/sources'
import { usageError } from './arguments'
import type { Output } from './output'

/** Options of `asklet check` that only `--csp` reads. */
export const POLICY_OPTIONS = {
  csp: { type: 'boolean' },
  cdn: { type: 'string' },
  page: { type: 'string' },
  at: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Their lines of `--help`. */
export const POLICY_HELP = [
  '  --csp                of asklet.json: the lines of a content security policy that it needs',
  "    --cdn <url>        where the assistant's files lie; default on the page's own origin",
  '    --page <url>       a page that has the assistant on it: names its origin where the policy must',
  '    --at <url>         where asklet.json lies; default on the page’s own origin',
  '    --json             the same for programs',
]

/** Stands for a page that nobody has named. */
const ANY_PAGE = 'https://page.invalid/'

export interface PolicyArguments {
  readonly cdn?: string | undefined
  readonly page?: string | undefined
  readonly at?: string | undefined
  readonly json?: boolean | undefined
}

/** @throws AskletError `cli_usage` for an address that is none */
export function readPolicyArguments(values: PolicyArguments, usage: string): PolicyArguments {
  for (const name of ['page', 'cdn', 'at'] as const) {
    const address = values[name]
    const base = name === 'page' ? undefined : (values.page ?? ANY_PAGE)
    if (
      address !== undefined &&
      !(URL.canParse(address, base) && /^https?:$/.test(new URL(address, base).protocol))
    )
      throw usageError(
        `--${name} must be a web address${name === 'page' ? ' such as https://shop.example/' : ''}, got "${address}"`,
        usage,
      )
  }
  return values
}

/** @param file  a configuration that the schema has nothing against */
export function printPolicy(file: AskletConfig, values: PolicyArguments, out: Output): void {
  const { cdn = '/', page, at = '/asklet.json' } = values
  const all = neededSources({ page: page ?? ANY_PAGE, scripts: cdn, config: at, file })
  const nameless = new URL(ANY_PAGE).host
  const needed = all.filter(({ source }) => !source.endsWith(nameless))
  const isSocketNameless = needed.length < all.length
  const lines = policyLines(needed)
  const whole = ["default-src 'none'", ...lines, ...COMPATIBLE_LINES].join('; ')
  const note =
    "Conversations with people use a WebSocket on the page's own origin, which 'self' does not cover in every browser: name the page with --page."
  if (values.json) {
    out.line(
      JSON.stringify(
        { lines, whole, needed, mayStand: COMPATIBLE_LINES, notes: isSocketNameless ? [note] : [] },
        null,
        2,
      ),
    )
    return
  }
  out.line('Lines that your content security policy needs; add to yours what is missing:')
  for (const line of lines) out.line(`  ${line}`)
  if (isSocketNameless) out.line(note)
  out.line('Why:')
  for (const { directive, source, why } of needed) out.line(`  ${directive} ${source}: ${why}`)
  out.line(`These may stand: ${COMPATIBLE_LINES.join('; ')}`)
  out.line('Not needed: style-src, font-src, frame-src, worker-src, unsafe-inline, unsafe-eval, nonces.')
  out.line('The whole policy of a page with nothing else on it:')
  out.line(`  Content-Security-Policy: ${whole}`)
}
