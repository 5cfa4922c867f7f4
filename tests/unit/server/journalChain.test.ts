import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bodyHash,
  canonical,
  type EntryPlace,
  linkAfter,
  merkleRoot,
  newEntry,
  sha256,
} from '../../../src/server/journalChain'

test('[J3] one value has one text: keys in the order of their code units, no white space', () => {
  expect(canonical({ b: [1, 'é', { z: null, a: true }], a: 1e21, '€': -0, undone: undefined })).toBe(
    '{"a":1e+21,"b":[1,"é",{"a":true,"z":null}],"€":0}',
  )
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonical(value)
      expect(canonical(JSON.parse(text))).toBe(text)
    }),
  )
})

const place: EntryPlace = {
  chain: 'c-1',
  n: 2,
  id: 'r-1',
  at: 1_000,
  kind: 'missed',
  origin: 'device',
  seq: null,
}
const record = {
  id: 'r-1',
  kind: 'missed',
  at: 5,
  inputs: { a: 'x' },
  rule: 'flow@1',
  reason: 'none',
} as const

test('[J4] a link names all that outlives an erasure, and the hash of what does not', () => {
  const entry = newEntry(place, record, 'before', 'salt')
  expect(entry.hash).toBe(bodyHash('salt', canonical(record)))
  expect(entry.link).toBe(
    sha256(`["asklet-chain@1","before","c-1",2,"r-1",1000,"missed","device",null,"${entry.hash}"]`),
  )
  const others: Partial<EntryPlace>[] = [
    { chain: 'c-2' },
    { n: 3 },
    { id: 'r-2' },
    { at: 1_001 },
    { kind: 'solved' },
    { origin: null },
    { seq: 1 },
  ]
  for (const other of others)
    expect(linkAfter('before', { ...place, ...other }, entry.hash), JSON.stringify(other)).not.toBe(
      entry.link,
    )
  expect(linkAfter('another', place, entry.hash)).not.toBe(entry.link)
})

test('[J5] a root says which heads it covers, in whatever order they come', () => {
  const heads = ['a', 'b', 'c', 'd', 'e'].map((chain, n) => ({ chain, n: n + 1, link: `link-${chain}` }))
  const root = merkleRoot(heads)
  expect(merkleRoot([...heads].reverse())).toBe(root)
  for (const [n, head] of heads.entries()) {
    expect(merkleRoot(heads.filter(each => each !== head))).not.toBe(root)
    expect(merkleRoot(heads.with(n, { ...head, link: 'x' }))).not.toBe(root)
    expect(merkleRoot(heads.with(n, { ...head, n: 9 }))).not.toBe(root)
  }
  expect(merkleRoot([...heads, ...heads.slice(4)])).not.toBe(root)
})
