// The short form of `npm run security`, so that a call without a right, or an input that ends the server, is seen
// with every other test.

import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

test('every call and route by everybody who might try, and hostile input on every way in: nothing wrong, no crash', async () => {
  const child = spawn(process.execPath, ['scripts/security.mjs', '--short'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (printed += data))
  const code = await new Promise(done => child.once('close', done))
  expect(printed).toMatch(/^wrong-accesses: 0$/m)
  expect(printed).toMatch(/^crashes: 0$/m)
  expect(Number(/^routes-tried: (\d+)$/m.exec(printed)?.[1])).toBeGreaterThan(200)
  expect(Number(/^hostile-inputs: (\d+)$/m.exec(printed)?.[1])).toBeGreaterThan(3_000)
  expect(code).toBe(0)
}, 180_000)
