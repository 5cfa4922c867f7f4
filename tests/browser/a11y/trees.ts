// What a screen reader finds in twelve states, as text: roles, names and states in their order. Each was read by a
// person and accepted; what has changed since is shown line by line, and accepted anew with `--accept`.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { State } from '../../../demo/states/catalogue'
import { show } from './sweep'

const FOLDER = 'tests/browser/a11y/trees'
export const TREES = [
  'home',
  'results-active',
  'article',
  'bot-answer',
  'bot-consent',
  'offer',
  'queue',
  'live-marks',
  'ended',
  'ticket',
  'desk-queue',
  'desk-thread',
]

/** Of the gallery's clock, the hour and the day are now's; and what was last said stands beside the page for a while. */
const steady = (tree: string) =>
  `${tree
    .split('\n')
    .filter(line => !line.startsWith('  - log'))
    .join('\n')
    .replace(/\b\d{1,2}:\d{2} [AP]M\b/g, '‹hour›')
    .replace(/\b[A-Z][a-z]{2} \d{1,2}(, \d{4})?\b/g, '‹day›')}\n`

export async function differentTrees(
  page: Page,
  address: string,
  ids: readonly string[],
  states: readonly State[],
  accepts: boolean,
): Promise<readonly string[]> {
  mkdirSync(FOLDER, { recursive: true })
  const different: string[] = []
  for (const id of ids) {
    const state = states.find(each => each.id === id)
    if (!state) {
      different.push(`${id}: no such state`)
      continue
    }
    await show(page, address, state, { size: 'desktop', theme: 'light', locale: 'en' })
    const tree = steady(await page.locator('html').ariaSnapshot())
    const file = join(FOLDER, `${id}.yaml`)
    if (accepts) writeFileSync(file, tree)
    else if (!existsSync(file))
      different.push(`${id}: no tree was accepted; look at it and run with --accept`)
    else {
      const [was, is] = [readFileSync(file, 'utf8').split('\n'), tree.split('\n')]
      const gone = was.filter(line => !is.includes(line)).map(line => `   - ${line.trim()}`)
      const come = is.filter(line => !was.includes(line)).map(line => `   + ${line.trim()}`)
      if (was.join() !== is.join()) different.push([`${id} reads otherwise`, ...gone, ...come].join('\n'))
    }
  }
  return different
}
