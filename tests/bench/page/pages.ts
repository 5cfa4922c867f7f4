// The pages that are measured: the same words in each, and one script tag or none.

import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Rival } from './rivals'
import type { Site } from './site'
import type { Contender } from './visits'

/** Of ours, as a visitor meets them. */
export const OURS = { launcher: '.launcher', input: 'input[role=combobox]' } as const

/** @param head  further elements of the head */
export const pageOf = (tag: string, { head = '', body = '' } = {}) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Withdrawals · My marketplace</title>
    <link rel="icon" href="data:,">
    ${head}
  </head>
  <body>
    <h1>Withdrawals</h1>
    ${body}
    ${tag}
  </body>
</html>`

/** As README shows it. @param config  path of its asklet.json */
export const ourTag = (config = '/asklet.json') =>
  `<script async src="/asklet/asklet.js" data-config="${config}" data-role="freelancer"></script>`

/** @returns ours, the floor, the empty page, and `rivals` */
export function addPages(site: Site, rivals: readonly Rival[]): readonly Contender[] {
  site.addFolder('/asklet/', 'dist/cdn')
  site.addFolder('/help/', 'dist/demo/help')
  site.addFolder('/floor/', fileURLToPath(new URL('./floor', import.meta.url)))
  site.add('/asklet.json', JSON.stringify({ name: 'Help', knowledge: '/help/manifest.json' }))
  site.add('/blank', '<!doctype html><link rel="icon" href="data:,">')
  site.add('/empty', pageOf(''))
  site.add('/with-floor', pageOf('<script async src="/floor/launcher.js"></script>'))
  site.add('/with-ours', pageOf(ourTag()))
  return [
    { name: 'ours', path: '/with-ours', opens: OURS },
    { name: 'floor', path: '/with-floor', opens: { launcher: 'button', input: 'input' } },
    { name: 'empty', path: '/empty' },
    ...rivals.map(({ name, page, launcher, input }, i) => {
      if (!existsSync(page))
        throw new Error(
          `The page of "${name}" must be a file or a folder, got "${page}", which is not there.`,
        )
      const isFolder = statSync(page).isDirectory()
      const prefix = `/rival-${i}/`
      site.addFolder(prefix, isFolder ? page : dirname(page))
      return { name, path: isFolder ? prefix : prefix + basename(page), opens: { launcher, input } }
    }),
  ]
}
