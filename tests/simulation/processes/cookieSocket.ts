// A socket with a cookie, as a browser sends it: Node has no cookie jar. Stands in for `socket.io-client` in the
// agents' processes; the handshake, the session and its check are the real ones.

import { type ManagerOptions, Manager as Plain } from 'socket.io-client'

let cookie = ''

/** For the sockets that are made next. */
export function setCookie(next: string): void {
  cookie = next
}

export class Manager extends Plain {
  constructor(options: Partial<ManagerOptions>) {
    super({ ...options, extraHeaders: { cookie } })
  }
}
