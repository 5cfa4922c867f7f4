// A function of the host, run after the visitor's yes: whatever it does, the conversation goes on.

import type { Clock } from '../base/environment'
import type { Facts } from '../protocol/facts'
import type { HostAction } from './botProvider'

/** Longer, and the visitor thinks that nothing happens. Milliseconds. */
const ACTION_WAIT_MS = 15_000

export interface Actions {
  /** By name. */
  readonly actions: { get(name: string): HostAction | undefined }
  readonly clock?: Pick<Clock, 'after'>
  readonly onError?: (error: unknown) => void
}

/** What it found; null: there is none of that name, it failed, or it took too long. Never throws. */
export async function runAction(
  { actions, clock, onError }: Actions,
  name: string,
  details: Readonly<Record<string, string>>,
  facts: Facts,
): Promise<Awaited<ReturnType<HostAction['run']>> | null> {
  let undo = () => {}
  try {
    const action = actions.get(name)
    if (!action) return null
    const late = new Promise<never>((_, reject) => {
      undo = clock?.after(ACTION_WAIT_MS, () => reject(new Error(`${name} took too long`))) ?? undo
    })
    const values = await Promise.race([action.run(details, facts), late])
    return typeof values === 'object' ? values : null
  } catch (error) {
    onError?.(error)
    return null
  } finally {
    undo()
  }
}
