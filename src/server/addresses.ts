// Which network address a request counts for. Behind a proxy that is what the proxy says, and only a proxy that the
// operator named is believed: anybody can write an X-Forwarded-For. Pure but for its log.

import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { AskletError, describe } from '../base/errors'

export interface Addresses {
  /**
   * An IPv4 address, or the first 64 bits of an IPv6 one (what one subscriber has). Null for this machine itself:
   * that is a proxy that nobody named, and one limit for all of its visitors would shut all of them out.
   */
  of(request: Pick<IncomingMessage, 'headers' | 'socket'>): string | null
}

/** A header of more parts was not written by proxies. */
const MAX_HOPS = 20

/**
 * @param trusted  addresses (`10.0.0.7`) or networks (`10.0.0.0/8`, `fd00::/8`) of the site's own proxies
 * @param untold   told once that a peer forwards and is not among them
 * @throws AskletError `server_shape` for an entry that is neither
 */
export function createAddresses(
  trusted: readonly string[],
  untold: (peer: string) => void = () => {},
): Addresses {
  const list = new BlockList()
  for (const entry of trusted) addTo(list, entry)
  const isTrusted = (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  let isTold = false

  return {
    of({ headers, socket }) {
      const peer = plain(socket.remoteAddress ?? '')
      if (peer === null) return null
      const forwarded = headers['x-forwarded-for']
      let address = peer
      if (isTrusted(peer)) {
        // From the right: each proxy adds whom it got it from. The first that is no proxy of ours is the visitor;
        // what stands left of that one the visitor may have written.
        const hops = (forwarded?.toString() ?? '').split(',').slice(-MAX_HOPS)
        for (const hop of hops.reverse()) {
          const next = plain(hop.trim())
          if (next === null) break
          address = next
          if (!isTrusted(next)) break
        }
      } else if (forwarded !== undefined && !isTold && isOwnNetwork(peer)) {
        isTold = true
        untold(peer)
      }
      return isLoopback(address) ? null : network(address)
    },
  }
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', bits, ...rest] = typeof entry === 'string' ? entry.split('/') : []
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  if (
    version === 0 ||
    rest.length > 0 ||
    bits === '' ||
    !(Number.isInteger(prefix) && prefix >= 0 && prefix <= most)
  )
    throw new AskletError(
      'server_shape',
      `a trusted proxy is an address or a network like "10.0.0.0/8", got ${describe(entry)}.`,
    )
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
}

/** Without zone, port and IPv6's way of writing IPv4; null when it is no address. */
function plain(written: string): string | null {
  const bare = written.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  return isIP(address) ? address.toLowerCase() : null
}

function network(address: string): string {
  if (isIP(address) === 4) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

const isLoopback = (address: string) => /^127\./.test(address) || address === '::1'

const isOwnNetwork = (address: string) =>
  isLoopback(address) || /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe80:)/.test(address)
