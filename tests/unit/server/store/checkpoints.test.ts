import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCheckpoints } from '../../../../src/server/store/checkpoints'
import { openSqlStore } from '../../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../../src/testing/emptyBrief'

test('a file that is written to now and then keeps a short log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-checkpoints-'))
  const file = join(folder, 'desk.db')
  const store = await openSqlStore({ file })
  const identities = ['anon:one'] as const
  const author = { kind: 'visitor' } as const
  const conversationId = 'conversation-0001'
  await store.open({ identities, openId: 'open-0001', conversationId, at: 1, author, brief: emptyBrief() })
  let longest = 0
  for (let n = 0; n < 600; n++) {
    const body = { type: 'message', text: `number ${n} ${'x'.repeat(500)}`, format: 'plain' } as const
    await store.append({
      conversationId,
      at: n,
      drafts: [{ sender: 'visitor', clientId: `client-${n}`, author, body }],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    longest = Math.max(longest, statSync(`${file}-wal`).size)
  }
  // All of it is some 2 400 pages of 4 kB.
  expect(longest).toBeLessThan(2_000_000)
  await store.close()
  rmSync(folder, { recursive: true })
})

test('steps wait while many write, and for those who wrote to be answered', async () => {
  let steps = 0
  const committed = createCheckpoints(async () => {
    steps++
    throw new Error('the disk is full')
  })
  const turn = () => new Promise(setImmediate)
  for (let n = 0; n < 20; n++) committed(100)
  await turn()
  expect(steps).toBe(0)
  committed(2)
  expect(steps).toBe(0)
  await turn()
  expect(steps).toBe(1)
  for (let n = 0; n < 63; n++) committed(1)
  await turn()
  expect(steps).toBe(1)
  committed(1)
  await turn()
  expect(steps).toBe(2)
})
