// A client's end of Socket.IO over one WebSocket, as cheap as can be: the clients share one core, and thousands
// of full clients would be what the bench measures. Writes whole frames, reads packets as bytes, checks nothing
// that only a hostile server would get wrong.

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface LinkOptions {
  readonly port: number
  /** One of 127.0.0.0/8: limits by address see as many addresses as there would be. */
  readonly localAddress: string
  readonly namespace: string
  readonly auth: object
  readonly headers?: Readonly<Record<string, string>>
  onConnect(): void
  /** An event of the server's: `["name",…]` as latin1. */
  onEvent(text: string): void
  /** Once, whoever closed it and whether or not it was ever connected. */
  onClose(reason: string): void
}

export interface Link {
  /** Calls back with the ack's arguments, `[…]` as latin1; never, when the link closes first. */
  call(name: string, json: string, onAck: (text: string) => void): void
  close(): void
}

const TEXT = 0x81
const OPCODE = 0x0f
const CLOSE = 0x08
/** Engine.IO: open, ping, message. Socket.IO after a message: connect, event, ack, refusal. */
const [OPEN, PING, MESSAGE] = [0x30, 0x32, 0x34]
const [CONNECTED, EVENT, ACK, REFUSED] = [0x30, 0x32, 0x33, 0x34]

export function openLink(options: LinkOptions): Link {
  const { port, localAddress, namespace, auth, headers = {} } = options
  const acks = new Map<number, (text: string) => void>()
  const socket: Socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
  let calls = 0
  let unread: Buffer | null = null
  let isUpgraded = false
  let reason = 'closed'

  const write = (text: string) => {
    if (socket.writable) socket.write(frame(text))
  }
  socket.on('connect', () => {
    const lines = {
      Host: `127.0.0.1:${port}`,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      Origin: `http://127.0.0.1:${port}`,
      'User-Agent':
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36',
      'Accept-Language': 'en-GB,en;q=0.9',
      ...headers,
    }
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${head.join('')}\r\n`)
  })
  socket.on('data', chunk => {
    let bytes = unread ? Buffer.concat([unread, chunk]) : chunk
    unread = null
    if (!isUpgraded) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) {
        unread = bytes
        return
      }
      const status = bytes.toString('latin1', 9, 12)
      if (status !== '101') {
        reason = `upgrade refused with ${status}`
        socket.destroy()
        return
      }
      isUpgraded = true
      bytes = bytes.subarray(end + 4)
    }
    const rest = eachFrame(bytes, onFrame)
    if (rest < bytes.length) unread = bytes.subarray(rest)
  })
  socket.on('error', error => {
    reason = error.message
  })
  socket.on('close', () => {
    acks.clear()
    options.onClose(reason)
  })

  function onFrame(bytes: Buffer, opcode: number, from: number, to: number): void {
    if (opcode === CLOSE) socket.destroy()
    const type = bytes[from]
    if (type === PING) write('3')
    else if (type === OPEN) write(`40${namespace},${JSON.stringify(auth)}`)
    else if (type === MESSAGE)
      onPacket(bytes[from + 1], bytes.toString('latin1', from + 3 + namespace.length, to))
  }

  function onPacket(type: number | undefined, text: string): void {
    if (type === EVENT) options.onEvent(text)
    else if (type === CONNECTED) options.onConnect()
    else if (type === ACK) {
      const at = text.indexOf('[')
      const id = Number(text.slice(0, at))
      const onAck = acks.get(id)
      acks.delete(id)
      onAck?.(text.slice(at))
    } else if (type === REFUSED) {
      reason = `refused: ${text}`
      socket.destroy()
    }
  }

  return {
    call(name, json, onAck) {
      acks.set(calls, onAck)
      write(`42${namespace},${calls++}["${name}",${json}]`)
    },
    close: () => socket.destroy(),
  }
}

/** A masked text frame. The mask is zero, which is a mask: the server unmasks it as any other. */
function frame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const head = length < 126 ? 6 : 8
  const bytes = Buffer.allocUnsafe(head + length)
  bytes[0] = TEXT
  if (length < 126) bytes[1] = 0x80 | length
  else {
    bytes[1] = 0x80 | 126
    bytes.writeUInt16BE(length, 2)
  }
  bytes.fill(0, head - 4, head)
  bytes.write(text, head)
  return bytes
}

/** Calls back for every whole frame; returns where the first incomplete one begins. */
function eachFrame(
  bytes: Buffer,
  read: (bytes: Buffer, opcode: number, from: number, to: number) => void,
): number {
  let at = 0
  while (bytes.length - at >= 2) {
    let length = (bytes[at + 1] ?? 0) & 0x7f
    let from = at + 2
    if (length === 126) {
      if (bytes.length < at + 4) return at
      length = bytes.readUInt16BE(at + 2)
      from = at + 4
    } else if (length === 127) {
      if (bytes.length < at + 10) return at
      length = Number(bytes.readBigUInt64BE(at + 2))
      from = at + 10
    }
    if (bytes.length < from + length) return at
    read(bytes, (bytes[at] ?? 0) & OPCODE, from, from + length)
    at = from + length
  }
  return at
}
