// A process of its own that says things into a SQLite store, one after the other, and writes one line for each
// answer: for tests that break what lies under a process (its system calls, its disk) or kill it.
//
//   node storeChild.mjs <file> <first> <count>     ->  opened | acked <clientId> <seq> | unknown <clientId> <code>

import { writeSync } from 'node:fs'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'

const [file = '', first = '0', count = '0'] = process.argv.slice(2)
// At once and whole, so that a line stands when the process is killed after it.
const line = (text: string) => writeSync(1, `${text}\n`)

const store = await openSqlStore({ file })
const { row } = await store.open({
  identities: ['anon:one'],
  openId: 'open-0001',
  conversationId: 'conversation-1',
  at: Date.now(),
  author: { kind: 'visitor' },
  brief: emptyBrief(),
})
line('opened')
for (let n = Number(first); n < Number(first) + Number(count); n++) {
  const clientId = `key-${10_000 + n}`
  for (let tries = 0; ; tries++) {
    try {
      const outcome = await store.append({
        conversationId: row.conversationId,
        at: Date.now(),
        drafts: [
          {
            sender: 'visitor',
            clientId,
            author: { kind: 'visitor' },
            body: { type: 'message', text: 'x'.repeat(2_000), format: 'plain' },
          },
        ],
        authorise: () => null,
        plan: (_row, draft) => [draft],
      })
      if (!outcome.ok) throw new Error(outcome.code)
      line(`acked ${clientId} ${outcome.results[0]?.seq}`)
      break
    } catch (error) {
      line(`unknown ${clientId} ${(error as { code?: string }).code}`)
      if (tries > 200) throw error
      await new Promise(done => setTimeout(done, 5))
    }
  }
}
await store.close()
