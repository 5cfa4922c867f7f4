// A refusal for each code, with the one thing a caller must know: can the same call succeed later?

import type { Refusal, RefusalCode } from '../protocol/wire'

const RETRY: Readonly<Record<RefusalCode, boolean>> = {
  bad_request: false,
  closed: false,
  forbidden: false,
  key_reused: false,
  not_found: false,
  rate_limited: true,
  stale_assignment: false,
  store_unavailable: true,
  too_large: false,
  // The bearer is not part of the call: with a fresh one the same call succeeds.
  unauthenticated: true,
  unsupported_type: false,
  version_unsupported: false,
}

/** After this a database that was locked or full may have recovered; sooner only adds load. */
const STORE_RETRY_MS = 1_000

export function refusal(code: RefusalCode, detail?: string, after?: number): Refusal {
  const wait = after ?? (code === 'store_unavailable' ? STORE_RETRY_MS : undefined)
  return {
    ok: false,
    code,
    retry: RETRY[code],
    ...(wait !== undefined && { after: wait }),
    ...(detail !== undefined && { detail }),
  }
}
