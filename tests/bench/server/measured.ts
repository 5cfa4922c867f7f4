// A server under measurement, as a process: starts one, and tells its own CPU, memory and profile on the side.

import { writeFileSync } from 'node:fs'
import { createServer, type Server as WebServer } from 'node:http'
import { Session } from 'node:inspector'
import type { AddressInfo } from 'node:net'
import { answerQuestions, pause } from './child'

export interface StartOptions {
  /** The database's file. */
  readonly file: string
  /** 0: any. */
  readonly port: number
}

export interface Memory {
  readonly rss: number
  readonly heap: number
}

/** @param start  mounts what is measured on the web server; returns its planned stop */
export function serveMeasured(start: (web: WebServer, file: string) => Promise<() => Promise<void>>): void {
  const web = createServer()
  let stop = async () => {}
  let profiler: Session | null = null
  const post = <T>(method: string) =>
    new Promise<T>((resolve, reject) => {
      profiler?.post(method, (error: Error | null, result: unknown) =>
        error ? reject(error) : resolve(result as T),
      )
    })

  answerQuestions({
    async start({ file, port }: StartOptions): Promise<number> {
      stop = await start(web, file)
      await new Promise<void>((done, failed) => {
        web.once('error', failed)
        web.listen(port, '127.0.0.1', done)
      })
      return (web.address() as AddressInfo).port
    },
    /** CPU microseconds of this process so far, its threads included. */
    cpu() {
      const { user, system } = process.cpuUsage()
      return user + system
    },
    /** After garbage is collected, so that what is left is held by something. */
    async memory(): Promise<Memory> {
      for (let n = 0; n < 4; n++) {
        globalThis.gc?.()
        await pause(150)
      }
      const { rss, heapUsed } = process.memoryUsage()
      return { rss, heap: heapUsed }
    },
    async profileStart() {
      profiler = new Session()
      profiler.connect()
      await post('Profiler.enable')
      await post('Profiler.start')
    },
    async profileStop(file: string) {
      const { profile } = await post<{ profile: unknown }>('Profiler.stop')
      writeFileSync(file, JSON.stringify(profile))
      profiler?.disconnect()
    },
    async stop() {
      await stop()
      setTimeout(() => process.exit(0), 20)
    },
  })
}
