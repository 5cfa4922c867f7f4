// A line that can be cut: a TCP proxy on loopback between a client and a server.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Resets what is open and refuses what comes. */
  cut(): void
  restore(): void
  /** What is open stays open and carries nothing any more; what comes is carried. */
  silence(): void
  close(): Promise<void>
}

export async function createTcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer(client => {
    if (isCut) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      reset()
    },
    restore() {
      isCut = false
    },
    silence() {
      for (const socket of open) {
        socket.unpipe()
        socket.pause()
      }
    },
    close() {
      reset()
      return new Promise(done => server.close(() => done()))
    },
  }
}
