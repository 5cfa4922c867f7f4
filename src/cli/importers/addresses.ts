// Which network addresses are nobody's public site. A sitemap is text of somebody else: it must not make this
// machine read its own services or those beside it. Pure.

import { BlockList, isIP } from 'node:net'

/** Own machine, private nets, link-local (cloud metadata), shared, documentation, multicast, reserved. */
const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) PRIVATE.addSubnet(net, bits, 'ipv4') // biome-ignore format: a table
for (const [net, bits] of [
  ['::', 127], ['64:ff9b::', 96], ['100::', 64], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8],
] as const) PRIVATE.addSubnet(net, bits, 'ipv6') // biome-ignore format: a table

/** @param address  an IP address, with or without brackets; what is none is private */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '')
  const family = isIP(plain)
  if (!family) return true
  // An IPv4 address in IPv6 writing is checked as what it is, by BlockList itself.
  return PRIVATE.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
