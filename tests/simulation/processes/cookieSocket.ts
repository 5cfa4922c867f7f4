// A socket with a cookie, as a browser sends it: Node has no cookie jar. Stands in for `socket.io-client` in the
// agents' processes; the handshake, the session and its check are the real ones.

import { type ManagerOptions, io as plain, type Socket, type SocketOptions } from 'socket.io-client'

let cookie = ''

/** For the sockets that are made next. */
export function setCookie(next: string): void {
  cookie = next
}

export function io(url: string, options: Partial<ManagerOptions & SocketOptions>): Socket {
  return plain(url, { ...options, extraHeaders: { cookie } })
}
