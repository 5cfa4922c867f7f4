// How words leave over a WebSocket at the least cost: what one connection is told in one turn of the event loop goes
// in one write. Of what a message costs, the system calls of its `ok` and its pushes are the largest part. Holds
// nothing but which connections wait for the end of the turn.
//
//   this turn: commit of a b c | ok a, push a, push b, push c | one write to the visitor, one to the agent of all three

import type { Socket } from 'socket.io'

const held: Socket[] = []

/**
 * Call it before something is written to a connection: it leaves when this turn has said all that it says.
 *
 * By what Engine.IO does for a connection that is busy writing: it gathers. A message costs a sixth less than with a
 * write for each packet.
 */
export function holdForTurn(socket: Socket): void {
  const { transport } = socket.conn
  // Held already; or a write is under way, and what comes meanwhile waits for its end.
  if (!transport.writable) return
  transport.writable = false
  held.push(socket)
  // After all promises that this turn resolved have gone on.
  if (held.length === 1) process.nextTick(release)
}

function release(): void {
  for (const { conn, request } of held.splice(0)) {
    request.socket.cork()
    conn.transport.writable = true
    conn.transport.emit('ready')
    request.socket.uncork()
  }
}
