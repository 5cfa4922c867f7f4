// The floor: what a plain Socket.IO server costs for the same frames and the same durability. One namespace,
// one room a conversation, rows that wait together share one commit, the ack and the push follow it. It checks
// nothing, knows nobody, orders by a counter in memory and could not tell a repeated message from a new one.

import Libsql from 'libsql'
import { Server } from 'socket.io'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import { serveMeasured } from './measured'

type Ack = (reply: object) => void
interface Draft {
  readonly clientId: string
  readonly body: object
}
interface Waiting {
  readonly conversationId: string
  readonly draft: Draft
  readonly ack: Ack
}

const EPOCH = 'AAAAAAAAAAAAAAAAAAAAAA'
const AUTHOR = { kind: 'visitor' }

serveMeasured(async (web, file) => {
  const database = new Libsql(file)
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table messages (conversation text, seq integer, client_id text, at integer, author text, body text,
      primary key (conversation, seq))`)
  const insert = database.prepare('insert into messages values (?, ?, ?, ?, ?, ?)')
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const heads = new Map<string, number>()
  let waiting: Waiting[] = []

  const io = new Server(web, SOCKET_OPTIONS)
  const namespace = io.of('/asklet')
  namespace.on('connection', socket => {
    socket.on('sync', ({ conversationId }: { conversationId: string }, ack: Ack) => {
      socket.join(conversationId)
      ack({ ok: true, events: [], head: heads.get(conversationId) ?? 0, epoch: EPOCH })
    })
    socket.on('send', ({ conversationId, drafts }: { conversationId: string; drafts: Draft[] }, ack: Ack) => {
      const [draft] = drafts
      if (!draft) return
      waiting.push({ conversationId, draft, ack })
      if (waiting.length === 1) setImmediate(commitAll)
    })
  })

  function commitAll(): void {
    const batch = waiting
    waiting = []
    const tell: (() => void)[] = []
    begin.run()
    for (const { conversationId, draft, ack } of batch) {
      const { clientId, body } = draft
      const seq = (heads.get(conversationId) ?? 0) + 1
      const at = Date.now()
      heads.set(conversationId, seq)
      insert.run(conversationId, seq, clientId, at, JSON.stringify(AUTHOR), JSON.stringify(body))
      tell.push(() => {
        ack({ ok: true, results: [{ clientId, seq, at }] })
        const events = [{ conversationId, seq, clientId, at, author: AUTHOR, body }]
        namespace.to(conversationId).emit('events', { conversationId, epoch: EPOCH, events })
      })
    }
    commit.run()
    for (const say of tell) say()
  }

  return async () => {
    await io.close()
    database.close()
  }
})
