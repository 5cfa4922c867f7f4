// The command line as its users run it: built, in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build } from 'esbuild'

export interface BuiltCli {
  run(args: readonly string[], env?: Record<string, string>): RunningCli
  remove(): Promise<void>
}

export interface RunningCli {
  readonly child: ChildProcess
  /** All that was said so far, both streams. */
  said(): string
  /** Resolves with the match once it was said. */
  says(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>
  /** Resolves with the exit code, when all that was said has been read. */
  readonly ended: Promise<number | null>
}

/** Below the project, so that packages are found; in a folder that is not kept. */
export async function buildCli(): Promise<BuiltCli> {
  const folder = resolve(import.meta.dirname, `../../dist/test-cli-${process.pid}`)
  await build({
    entryPoints: [resolve(import.meta.dirname, '../../src/cli.ts')],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: `${folder}/npm`,
    define: { __VERSION__: '"test"', __RULES__: '"test"' },
    logLevel: 'error',
  })
  return {
    remove: () => rm(folder, { recursive: true, force: true }),
    run(args, env = {}) {
      const child = spawn(process.execPath, [`${folder}/npm/cli.js`, ...args], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let said = ''
      let isOver = false
      // Not `exit`: the last words may still be in the pipe then.
      const ended = once(child, 'close').then(([code]) => {
        isOver = true
        return code as number | null
      })
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', text => {
          said += text
        })
      // A test run that is interrupted leaves no server behind.
      const onExit = () => child.kill('SIGKILL')
      process.once('exit', onExit)
      void ended.then(() => process.off('exit', onExit))
      return {
        child,
        ended,
        said: () => said,
        async says(pattern, withinMs = 60_000) {
          const until = performance.now() + withinMs
          for (;;) {
            const wasOver = isOver
            const found = pattern.exec(said)
            if (found) return found
            if (performance.now() > until || wasOver)
              throw new Error(`It never said ${pattern}. It said:\n${said}`)
            await new Promise(done => setTimeout(done, 20))
          }
        },
      }
    },
  }
}
