// One search of one site in a process of its own: prints its figures as one line of JSON.
//
//   node --expose-gc inNode.mjs <ours | minisearch> <folder of the site>

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openMini } from './openMini'
import { open, openOurs, type } from './underTest'

const [which, folder] = process.argv.slice(2) as [string, string]
const isOurs = which === 'ours'
const texts: readonly string[] = JSON.parse(readFileSync(join(folder, 'typed.json'), 'utf8'))

const before = used()
const { opened, answer } = await open(isOurs ? openOurs : openMini, async file =>
  JSON.parse(readFileSync(join(folder, isOurs ? 'ours' : '', file), 'utf8')),
)
const bytes = used() - before
const times = await type(answer, texts)
// Read here, so that what was measured lives until now.
console.log(
  JSON.stringify({ ...opened, times, bytes, bytesAfterKeys: used() - before, ends: await answer('s') }),
)

/** Bytes of heap and of arrays outside it, after garbage is collected. */
function used(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
