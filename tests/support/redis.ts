// A throw-away Redis on a free loopback port, for tests and benches that need a real broker to hurt. Where there
// is no redis-server, says so once and returns null; with ASKLET_REQUIRE_REDIS=1 that is a failure.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ThrowAwayRedis {
  readonly url: string
  /** As a crash does: nothing is said, nothing is kept. */
  kill(): Promise<void>
  /** Again on the same port, empty. */
  restart(): Promise<void>
  /** It takes connections and answers nothing (SIGSTOP). */
  pause(): void
  resume(): void
  /** A command by redis-cli; its answer. */
  command(...words: string[]): string
  close(): Promise<void>
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis) {
  const sentence =
    'No redis-server: tests with a real broker are skipped. apt-get install redis-server brings one.'
  if (process.env.ASKLET_REQUIRE_REDIS === '1') throw new Error(sentence)
  console.log(sentence)
}

export async function startRedis(...options: string[]): Promise<ThrowAwayRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-redis-'))
  const port = await freePort()
  let running: ChildProcess | null = null

  async function start() {
    const fixed = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ]
    const child = spawn('redis-server', [...fixed, ...options], { stdio: 'ignore' })
    running = child
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
      await new Promise(done => setTimeout(done, 20))
    }
  }
  async function kill() {
    const child = running
    running = null
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  await start()
  // A test run that is interrupted leaves no server behind.
  const onExit = () => running?.kill('SIGKILL')
  process.once('exit', onExit)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill()
      await start()
    },
    pause: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT'),
    command: (...words) =>
      spawnSync('redis-cli', ['-p', `${port}`, ...words], { encoding: 'utf8', timeout: 5_000 }).stdout.trim(),
    async close() {
      process.off('exit', onExit)
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const done = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('data', data => done(data.toString().startsWith('+PONG')))
    socket.once('error', () => done(false))
    socket.once('connect', () => socket.write('PING\r\n'))
  })
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}
