// `npm run security`: the matrix of who may do what, then every hostile input there is, against the real server in a
// process of its own. Exit 1 when an access was wrong, an input did harm, or the server ended.

import { readCorpora } from './corpora'
import { attack } from './hostile'
import { tryMatrix } from './matrix'
import { createStage } from './stage'

const [serverFile = '', ...words] = process.argv.slice(2)
const isShort = words.includes('--short')
const corpora = readCorpora(process.env.ASKLET_DATA, isShort ? 100 : undefined)
if (corpora.missing.length > 0)
  console.log(
    `Skipped, because ASKLET_DATA does not lead to them: ${corpora.missing.join(', ')}. Own inputs only.`,
  )

const wrong: string[] = []
let routesTried = 0
let inputs = 0
let crashes = 0
// Two servers: the limits that one visitor used up in the first are not the second's.
const first = await createStage(serverFile)
try {
  const result = await tryMatrix(first)
  routesTried = result.routesTried
  wrong.push(...result.wrong)
} catch (error) {
  wrong.push(`the matrix could not go on: ${(error as Error).message}`)
} finally {
  crashes += first.crashes()
  await first.close()
}
const second = await createStage(serverFile)
try {
  const result = await attack(second, corpora, isShort)
  inputs = result.inputs
  wrong.push(...result.wrong)
} catch (error) {
  console.error(error)
  if (second.crashes() === 0) wrong.push((error as Error).message)
} finally {
  crashes += second.crashes()
  await second.close()
}
for (const sentence of wrong) console.log(`WRONG ${sentence}`)
console.log(`routes-tried: ${routesTried}`)
console.log(`wrong-accesses: ${wrong.length}`)
console.log(`hostile-inputs: ${inputs}`)
console.log(`crashes: ${crashes}`)
process.exit(wrong.length > 0 || crashes > 0 ? 1 : 0)
