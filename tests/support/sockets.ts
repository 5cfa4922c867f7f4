// Connections as tests want them: over WebSocket, one each, and what becomes of it is not tried twice.

import { io as connect, type Socket } from 'socket.io-client'

export function openSocket(url: string, auth: object, extraHeaders: Record<string, string> = {}): Socket {
  return connect(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth, extraHeaders })
}

/** Resolves once it is connected, rejects with the refusal. */
export function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve(socket))
    socket.on('connect_error', reject)
  })
}
