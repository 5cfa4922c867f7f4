// `npm start`: the marketplace, its desk and the reference server on one port, with an embedded store.

import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDemo } from './site'

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = resolve(process.env.ASKLET_DEMO_DATA ?? '.data')
mkdirSync(folder, { recursive: true })
const port = Number(process.env.PORT ?? 8080)

try {
  const demo = await startDemo({
    port,
    dist,
    data: join(folder, 'demo.sqlite'),
    log: line => console.log(line),
  })
  console.log(`\nMarketplace  ${demo.address}/`)
  console.log(`Desk         ${demo.deskAddress}`)
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
