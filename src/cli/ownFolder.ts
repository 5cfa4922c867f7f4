// Where the package's other built files stand: the desk, the assistant, the preview page.

import { realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** `dist/` of this package: what is built stands beside the folder of the file that was started. */
export async function ownFolder(): Promise<string> {
  return resolve(dirname(await realpath(process.argv[1] ?? '.')), '..')
}
