// Which addresses of the network a webhook may be sent to: those of the public internet. Pure.
// Everything else (this machine, the network around it, a cloud's metadata service, what carries an IPv4 address
// inside an IPv6 one) is refused: an endpoint is written by an operator, but its name is answered by whoever owns it.

import { BlockList, isIP } from 'node:net'

const V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, and the metadata service of most clouds.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Of 2000::/3, which is all there is of the public internet, what is not: Teredo, documentation, 6to4 and others. */
const V6_OF_GLOBAL: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const refusedV4 = new BlockList()
for (const [net, bits] of V4) refusedV4.addSubnet(net, bits, 'ipv4')
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')
const refusedV6 = new BlockList()
for (const [net, bits] of V6_OF_GLOBAL) refusedV6.addSubnet(net, bits, 'ipv6')

/**
 * Whether `address` (an IP address as `dns.lookup` gives it) is one of the public internet. False for what is no
 * address: names are never judged here, only what they were resolved to.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refusedV4.check(address, 'ipv4')
    case 6:
      // A zone names an interface of this machine. Addresses outside 2000::/3 are not routed: ::1, fc00::/7, fe80::/10,
      // IPv4-mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96) and multicast are among them.
      return !address.includes('%') && globalV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6')
    default:
      return false
  }
}
