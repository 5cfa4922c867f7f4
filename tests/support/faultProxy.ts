// A bad line on purpose: a TCP proxy on loopback that resets, blackholes, delays, throttles, slices, and that
// loses, doubles and reorders single WebSocket frames by what they carry. Counts what it did, because a fault
// that did not bite proves nothing. Knows Socket.IO's framing; knows no conversation.
//
//   client --> split into frames --> lose / double / hold --> delay, throttle, slice --> server   (and back)

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the line does from now on. Chances are in [0, 1]. */
export interface Weather {
  /** New connections are reset. */
  readonly refuses?: boolean
  /** Bytes of this direction vanish while the connection stays open; it is reset when the weather clears. */
  readonly blackhole?: 'up' | 'down' | 'both'
  /** Least and most waiting time of each chunk, each direction. Order is kept, as TCP keeps it. */
  readonly delayMs?: readonly [number, number]
  readonly bytesPerSecond?: number
  /** Each write carries this many bytes. */
  readonly sliceBytes?: number
  /** Of the calls named `send` and `open`. */
  readonly loseSends?: number
  readonly doubleSends?: number
  /** Of the answers to them. */
  readonly loseAcks?: number
  readonly losePushes?: number
  readonly doublePushes?: number
  /** A push waits until the one behind it has passed. */
  readonly reorderPushes?: number
}

export type Hit =
  | 'reset'
  | 'refused'
  | 'blackholed'
  | 'delayed'
  | 'throttled'
  | 'sliced'
  | 'lostSend'
  | 'doubledSend'
  | 'lostAck'
  | 'lostPush'
  | 'doubledPush'
  | 'reorderedPush'

export interface FaultProxy {
  readonly port: number
  /** How often each thing has happened since the start. */
  readonly hits: Readonly<Record<Hit, number>>
  /** Null: a good line. */
  set(weather: Weather | null): void
  /** Resets what is open; returns how many connections that were. */
  reset(): number
  connections(): number
  close(): Promise<void>
}

type Direction = 'up' | 'down'
/** What a frame carries, as far as faults tell them apart. */
type Carries = 'send' | 'ack' | 'push' | 'other'

/** A piece of the stream that may be lost by itself; `http`: only with its connection. */
interface Part {
  readonly bytes: Buffer
  readonly carries: Carries | 'http'
}

/** A server frame must not wait for ever for one to overtake it. Milliseconds. */
const HOLD_AT_MOST_MS = 400

export async function createFaultProxy(options: {
  /** Where a new connection goes; null: nowhere, it is reset. */
  target(): number | null
  /** In [0, 1). */
  random(): number
  /** The bytes are neither HTTP nor WebSocket: nothing in them is told apart. */
  readonly isRaw?: boolean
}): Promise<FaultProxy> {
  const { random } = options
  const hits: Record<Hit, number> = {
    reset: 0,
    refused: 0,
    blackholed: 0,
    delayed: 0,
    throttled: 0,
    sliced: 0,
    lostSend: 0,
    doubledSend: 0,
    lostAck: 0,
    lostPush: 0,
    doubledPush: 0,
    reorderedPush: 0,
  }
  const pairs = new Set<{ reset(): void; readonly isHoled: boolean }>()
  let weather: Weather = {}

  const isHit = (chance: number | undefined) => chance !== undefined && random() < chance

  const server = createServer(client => {
    const port = weather.refuses ? null : options.target()
    if (port === null) {
      hits.refused++
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const upstream = connect(port, '127.0.0.1')
    client.setNoDelay(true)
    upstream.setNoDelay(true)
    const calls = new Map<string, string>()
    let isHoled = false
    let ends = 2
    const pair = {
      get isHoled() {
        return isHoled
      },
      reset() {
        pairs.delete(pair)
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      },
    }
    pairs.add(pair)
    const direct = (direction: Direction, from: Socket, to: Socket) => {
      const shaped = shaper(direction, from, to, () => {
        isHoled = true
      })
      const frames = options.isRaw
        ? (bytes: Buffer) => [{ bytes, carries: 'other' as const }]
        : splitter(direction, calls)
      let held: { bytes: Buffer; release: () => void } | null = null
      const pass = (bytes: Buffer, carries: Carries) => {
        if (carries === 'send') {
          if (isHit(weather.loseSends)) {
            hits.lostSend++
            return
          }
          if (isHit(weather.doubleSends)) {
            hits.doubledSend++
            shaped.write(bytes)
          }
        }
        if (carries === 'ack' && isHit(weather.loseAcks)) {
          hits.lostAck++
          return
        }
        if (carries === 'push') {
          if (isHit(weather.losePushes)) {
            hits.lostPush++
            return
          }
          if (isHit(weather.doublePushes)) {
            hits.doubledPush++
            shaped.write(bytes)
          }
          if (!held && isHit(weather.reorderPushes)) {
            const timer = setTimeout(() => held?.release(), HOLD_AT_MOST_MS)
            held = {
              bytes,
              release() {
                clearTimeout(timer)
                held = null
                shaped.write(bytes)
              },
            }
            return
          }
          shaped.write(bytes)
          if (held) {
            hits.reorderedPush++
            held.release()
          }
          return
        }
        shaped.write(bytes)
      }
      from.on('data', chunk => {
        for (const { bytes, carries } of frames(chunk) as Iterable<Part>) {
          // A plain request and its answer have no frames to lose: the connection goes with them.
          if (carries === 'http') {
            const isLost = isHit(direction === 'up' ? weather.loseSends : weather.loseAcks)
            if (isLost) {
              hits[direction === 'up' ? 'lostSend' : 'lostAck']++
              return pair.reset()
            }
            shaped.write(bytes)
          } else pass(bytes, carries)
        }
      })
      from.on('error', () => {})
      from.on('close', () => {
        held?.release()
        shaped.end()
        // Half-open with one end gone, it is still there for the other one: the clearing weather resets it.
        if (--ends === 0) pairs.delete(pair)
      })
    }
    direct('up', client, upstream)
    direct('down', upstream, client)
  })

  /** Bytes in order through delay, rate and slices. */
  function shaper(direction: Direction, from: Socket, to: Socket, onHole: () => void) {
    const queue: Buffer[] = []
    let waiting = 0
    let isBusy = false
    let isEnding = false
    const pump = async () => {
      if (isBusy) return
      isBusy = true
      for (let bytes = queue.shift(); bytes && !to.destroyed; bytes = queue.shift()) {
        const { delayMs, bytesPerSecond, sliceBytes } = weather
        if (delayMs) {
          hits.delayed++
          await pause(delayMs[0] + random() * (delayMs[1] - delayMs[0]))
        }
        const size =
          sliceBytes ?? (bytesPerSecond ? Math.max(64, Math.ceil(bytesPerSecond / 20)) : bytes.length)
        for (let at = 0; at < bytes.length && !to.destroyed; at += size) {
          const part = bytes.subarray(at, at + size)
          to.write(part)
          waiting -= part.length
          if (bytesPerSecond) {
            hits.throttled++
            await pause((part.length / bytesPerSecond) * 1_000)
          } else if (sliceBytes) {
            hits.sliced++
            await new Promise(setImmediate)
          }
        }
        if (waiting < 65_536 && from.isPaused()) from.resume()
      }
      isBusy = false
      if (isEnding) to.destroy()
    }
    return {
      write(bytes: Buffer) {
        if (weather.blackhole === 'both' || weather.blackhole === direction) {
          hits.blackholed++
          onHole()
          return
        }
        // Plain weather and nothing before it: straight through.
        queue.push(bytes)
        waiting += bytes.length
        if (waiting > 262_144) from.pause()
        void pump()
      },
      end() {
        // Behind a black hole nobody hears that the other side is gone.
        if (weather.blackhole === 'both' || weather.blackhole === direction) return onHole()
        isEnding = true
        void pump()
      },
    }
  }

  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const resetWhere = (isWanted: (pair: { readonly isHoled: boolean }) => boolean) => {
    const wanted = [...pairs].filter(isWanted)
    for (const pair of wanted) pair.reset()
    return wanted.length
  }
  return {
    port: (server.address() as AddressInfo).port,
    hits,
    set(next) {
      weather = next ?? {}
      // What vanished cannot come back: a stream with a hole in it is of no use to anybody.
      if (!weather.blackhole) resetWhere(pair => pair.isHoled)
    },
    reset() {
      const count = resetWhere(() => true)
      hits.reset += count
      return count
    },
    connections: () => pairs.size,
    close() {
      resetWhere(() => true)
      return new Promise(done => server.close(() => done()))
    },
  }
}

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))

/** Cuts a stream into what may be lost by itself: an HTTP head or body as it came, else whole frames. */
function splitter(direction: Direction, calls: Map<string, string>) {
  let buffer: Buffer = Buffer.alloc(0)
  let mode: 'head' | 'http' | 'frames' = 'head'
  return function* (chunk: Buffer): Generator<Part> {
    buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk
    if (mode === 'head') {
      const end = buffer.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = buffer.subarray(0, end + 4)
      const isUpgrade =
        direction === 'up' ? /\r\nupgrade: websocket/i.test(head.toString('latin1')) : head.includes(' 101 ')
      mode = isUpgrade ? 'frames' : 'http'
      if (isUpgrade) {
        yield { bytes: head, carries: 'other' }
        buffer = buffer.subarray(end + 4)
      }
    }
    if (mode === 'http') {
      const bytes = buffer
      buffer = Buffer.alloc(0)
      if (bytes.length) yield { bytes, carries: 'http' }
      return
    }
    for (let size = frameSize(buffer); size !== null && buffer.length >= size; size = frameSize(buffer)) {
      const bytes = buffer.subarray(0, size)
      buffer = buffer.subarray(size)
      yield { bytes, carries: carriesOf(direction, bytes, calls) }
    }
  }
}

/** Bytes of the first frame with its header; null while the header is not here. */
function frameSize(buffer: Buffer): number | null {
  if (buffer.length < 2) return null
  const short = (buffer[1] ?? 0) & 0x7f
  const mask = (buffer[1] ?? 0) & 0x80 ? 4 : 0
  if (short < 126) return 2 + mask + short
  if (short === 126) return buffer.length < 4 ? null : 4 + mask + buffer.readUInt16BE(2)
  return buffer.length < 10 ? null : 10 + mask + Number(buffer.readBigUInt64BE(2))
}

/** Socket.IO in Engine.IO: `4` message, then `2` event or `3` ack, namespace, ack id, JSON. */
const PACKET = /^4([23])(?:[^,[]*,)?(\d*)\["?([^"\]]*)/

function carriesOf(direction: Direction, frame: Buffer, calls: Map<string, string>): Carries {
  if (((frame[0] ?? 0) & 0x0f) !== 1) return 'other'
  const found = PACKET.exec(payloadOf(frame).subarray(0, 160).toString('latin1'))
  if (!found) return 'other'
  const [, type, id = '', name = ''] = found
  if (direction === 'up') {
    if (type !== '2' || id === '') return 'other'
    calls.set(id, name)
    return name === 'send' || name === 'open' ? 'send' : 'other'
  }
  if (type === '2') return name === 'events' || name === 'head' || name === 'queueChanged' ? 'push' : 'other'
  const call = calls.get(id)
  calls.delete(id)
  return call === 'send' || call === 'open' ? 'ack' : 'other'
}

function payloadOf(frame: Buffer): Buffer {
  const short = (frame[1] ?? 0) & 0x7f
  const at = short < 126 ? 2 : short === 126 ? 4 : 10
  if (!((frame[1] ?? 0) & 0x80)) return frame.subarray(at)
  const mask = frame.subarray(at, at + 4)
  // Only its beginning is looked at.
  const body = Buffer.from(frame.subarray(at + 4, at + 4 + 200))
  for (let n = 0; n < body.length; n++) body[n] = (body[n] ?? 0) ^ (mask[n & 3] ?? 0)
  return body
}
