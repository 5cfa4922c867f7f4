// WebKitGTK, the engine of Safari as far as Linux has it: its own WebDriver server, on a screen of its own that
// nobody sees. Speaks the few commands of WebDriver that a journey needs (https://www.w3.org/TR/webdriver2/).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type Driver, type Key, VIEWPORT } from './engine'
import type { Found } from './findEngines'

/** The code points that WebDriver has for keys without a character. */
const KEYS: Readonly<Record<Key, string>> = {
  Enter: '\uE007',
  Escape: '\uE00C',
  Tab: '\uE004',
  ArrowDown: '\uE015',
}

export async function openWebkit(found: Extract<Found, { name: 'webkit' }>): Promise<Driver> {
  const children: ChildProcess[] = []
  try {
    const screen = spawn(
      found.display,
      ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    )
    children.push(screen)
    const [display] = await either(once(screen.stdio[3] as Readable, 'data'), screen, 'Xvfb')
    const port = await freePort()
    const server = spawn(found.driver, ['-p', String(port)], {
      env: { ...process.env, DISPLAY: `:${String(display).trim()}`, GTK_THEME: 'Adwaita' },
      stdio: 'ignore',
    })
    children.push(server)
    const call = createCall(`http://127.0.0.1:${port}`)
    await either(listening(port), server, 'WebKitWebDriver')
    return await openSession(call, found.browser, () => close(children))
  } catch (error) {
    await close(children)
    throw error
  }
}

type Call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>

async function openSession(call: Call, binary: string, closeAll: () => Promise<void>): Promise<Driver> {
  const session = (await call('POST', '/session', {
    capabilities: {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
    },
  })) as { sessionId: string; capabilities: { browserVersion: string } }
  const command: Call = (method, path, body) => call(method, `/session/${session.sessionId}${path}`, body)
  const run = (script: (...given: never) => unknown, argument: unknown) =>
    command('POST', '/execute/sync', { script: `return (${script})(arguments[0])`, args: [argument] })

  // A window has a frame around the page, of a size that the toolkit chooses.
  await command('POST', '/window/rect', { x: 0, y: 0, ...VIEWPORT })
  const inner = (await run(() => ({ width: innerWidth, height: innerHeight }), null)) as typeof VIEWPORT
  await command('POST', '/window/rect', {
    x: 0,
    y: 0,
    width: 2 * VIEWPORT.width - inner.width,
    height: 2 * VIEWPORT.height - inner.height,
  })

  const perform = (source: object, actions: readonly object[]) =>
    command('POST', '/actions', { actions: [{ ...source, actions }] })
  const keys = (values: readonly string[]) =>
    perform(
      { type: 'key', id: 'keyboard' },
      values.flatMap(value => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    )
  return {
    version: `webkit ${session.capabilities.browserVersion}`,
    errors: [],
    async open(url) {
      await command('POST', '/url', { url })
    },
    async reload() {
      await command('POST', '/refresh', {})
    },
    // Not the command for clicking elements: it takes a field in a shadow root for covered by its own text.
    async clickAt(x, y, meanwhile) {
      const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } }
      const press = [
        { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
        { type: 'pointerDown', button: 0 },
      ]
      const release = { type: 'pointerUp', button: 0 }
      if (meanwhile) {
        await perform(mouse, press)
        await meanwhile()
        await perform(mouse, [release])
      } else await perform(mouse, [...press, release])
    },
    async type(text) {
      await keys([...text])
    },
    async press(key) {
      await keys([KEYS[key]])
    },
    evaluate: (script, argument) => run(script, argument) as Promise<never>,
    picturesAreReported: false,
    async screenshot(path) {
      await writeFile(path, Buffer.from((await command('GET', '/screenshot')) as string, 'base64'))
    },
    async close() {
      await command('DELETE', '').catch(() => {})
      await closeAll()
    },
  }
}

function createCall(address: string): Call {
  return async (method, path, body) => {
    const response = await fetch(address + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const { value } = (await response.json()) as { value: unknown }
    if (response.ok) return value
    const { error, message } = value as { error: string; message: string }
    throw new Error(`WebKitGTK: ${error}${message ? `: ${message}` : ''}`)
  }
}

/** What is waited for, or the end of the process that should have brought it. */
function either<T>(wanted: Promise<T>, child: ChildProcess, name: string): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready`)
  })
  return Promise.race([wanted, ended])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The server has no word for being ready but that it answers. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined)) return
    await wait(50)
  }
  throw new Error('WebKitWebDriver does not answer')
}

async function close(children: readonly ChildProcess[]): Promise<void> {
  for (const child of [...children].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill()
    await Promise.race([ended, wait(3_000)])
  }
}
