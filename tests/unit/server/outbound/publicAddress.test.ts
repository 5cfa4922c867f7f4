import { expect, test } from 'vitest'
import { isPublicAddress } from '../../../../src/server/outbound/publicAddress'

test.each([
  ['93.184.216.34', 'a web server'],
  ['8.8.8.8', 'a name server'],
  ['172.15.255.255', 'just before the private ones'],
  ['172.32.0.1', 'just behind them'],
  ['100.63.255.255', 'just before the carriers’'],
  ['2606:2800:220:1:248:1893:25c8:1946', 'a web server'],
  ['2a00:1450:4001:82a::200e', 'another'],
])('[O10] %s is of the public internet: %s', address => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  ['127.0.0.1', 'this machine'],
  ['127.255.255.254', 'this machine'],
  ['0.0.0.0', 'this machine'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'a carrier’s own'],
  ['169.254.169.254', 'a cloud’s metadata'],
  ['192.0.0.192', 'another cloud’s metadata'],
  ['198.18.0.1', 'for benchmarks'],
  ['203.0.113.7', 'for documents'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['::1', 'this machine'],
  ['::', 'this machine'],
  ['::ffff:127.0.0.1', 'IPv4 inside IPv6'],
  ['::ffff:7f00:1', 'the same, written otherwise'],
  ['::ffff:8.8.8.8', 'a public one inside IPv6: nobody needs it'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['64:ff9b::7f00:1', 'through NAT64'],
  ['64:ff9b:1::a00:1', 'through a NAT64 of one’s own'],
  ['2002:7f00:1::', 'through 6to4'],
  ['2001:0:53aa:64c:0:0:80ff:fffe', 'through Teredo'],
  ['2001:db8::1', 'for documents'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'a cloud’s metadata'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local, with its interface'],
  ['fec0::1', 'site-local of old'],
  ['ff02::1', 'multicast'],
  ['2a00:1450:4001:82a::200e%lo', 'a zone'],
  ['localhost', 'a name'],
  ['127.1', 'not an address as a resolver says it'],
  ['0x7f000001', 'not an address as a resolver says it'],
  ['2130706433', 'not an address as a resolver says it'],
  ['', 'nothing'],
])('[O10] %s is not: %s', address => {
  expect(isPublicAddress(address)).toBe(false)
})
