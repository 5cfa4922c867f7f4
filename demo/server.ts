// `npm start`: the marketplace, its desk and the reference server on one port, with an embedded store.

import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDemo } from './site'

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = resolve(process.env.ASKLET_DEMO_DATA ?? '.data')
mkdirSync(folder, { recursive: true })
const port = Number(process.env.PORT ?? 8080)

/** Off unless both are named: `ASKLET_MODEL_URL=http://127.0.0.1:11434/v1 ASKLET_MODEL=llama3.2 npm start`. */
const { ASKLET_MODEL_URL: url, ASKLET_MODEL: model, ASKLET_MODEL_KEY: key } = process.env

try {
  const demo = await startDemo({
    port,
    dist,
    // Looks for trouble on the page, and offers help.
    tag: { 'data-offers': '' },
    ...(url && model && { languageModel: { url, model, ...(key && { key }) } }),
    data: join(folder, 'demo.sqlite'),
    log: line => console.log(line),
  })
  console.log(`\nMarketplace  ${demo.address}/`)
  console.log(`Desk         ${demo.deskAddress}`)
  console.log(`Every state  ${demo.address}/states.html`)
  console.log(
    url && model
      ? `Model        ${model} words answers`
      : 'Model        none: answers are in the articles’ own words (ASKLET_MODEL_URL and ASKLET_MODEL name one)',
  )
  console.log('\nSign in at the desk (each address works once, for a day):')
  for (const link of await demo.signInLinks()) console.log(`  ${link.name.padEnd(8)} ${link.address}`)
  console.log(`\nConversations are kept in ${folder}. Ctrl+C ends it.`)
  const stop = () => demo.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'EADDRINUSE') throw error
  console.error(`Port ${port} is taken. Choose another one: PORT=8090 npm start`)
  process.exit(1)
}
