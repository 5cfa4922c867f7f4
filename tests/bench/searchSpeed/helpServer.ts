// `asklet serve --help-dir` as a process of its own, over the files of one site: what a visitor's key meets where a
// help centre is searched on the server. Tells its own processor time and memory on the side.

import { startServing } from '../../../src/cli/serve'
import { answerQuestions, pause } from '../server/child'

export interface HelpServerStart {
  readonly helpDir: string
  /** The database's file. */
  readonly file: string
}

let stop = async () => {}

answerQuestions({
  /** @returns the address at which it listens */
  async start({ helpDir, file }: HelpServerStart): Promise<string> {
    const served = await startServing(['--help-dir', helpDir, '--data', file, '--port', '0'], {
      line() {},
      error: line => console.error(line),
    })
    stop = served.close
    return served.address
  },
  /** Microseconds of this process so far, its threads included. */
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** Resident bytes after garbage is collected: what the machine must have. */
  async memory(): Promise<number> {
    for (let n = 0; n < 4; n++) {
      globalThis.gc?.()
      await pause(150)
    }
    return process.memoryUsage().rss
  },
  async stop() {
    await stop()
    setTimeout(() => process.exit(0), 20)
  },
})
