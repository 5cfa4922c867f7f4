// Says when something below a few folders has changed, once for changes that come together. The home of chokidar:
// what an editor does to save a file differs by editor and system, and all of it must end in one call.

import { resolve } from 'node:path'
import { watch } from 'chokidar'

export interface Watching {
  close(): Promise<void>
}

/** An editor writes a file in several steps; a checkout writes hundreds of files. */
const QUIET_MS = 60

/**
 * @param paths    folders or files
 * @param changed  called after the last of changes that come together
 * @returns when it watches: what changes from then on is said
 */
export async function watchFolder(paths: readonly string[], changed: () => void): Promise<Watching> {
  const roots = new Set(paths.map(path => resolve(path)))
  const watcher = watch([...paths], {
    ignoreInitial: true,
    // What is hidden below them; a folder that somebody named is wanted, whatever it is called.
    ignored: path => !roots.has(resolve(path)) && /(?:^|[\\/])(?:\.[^.\\/][^\\/]*|node_modules)$/.test(path),
  })
  let timer: NodeJS.Timeout | undefined
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(changed, QUIET_MS)
  })
  // A folder that vanished is told by the next build; a watcher that fails must not end the process.
  watcher.on('error', () => {})
  await new Promise<void>(done => watcher.once('ready', done))
  return {
    async close() {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}
