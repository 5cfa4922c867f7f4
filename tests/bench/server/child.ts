// Processes of the bench: started on a core of their own, asked over IPC, and gone when the bench is gone.
// Both ends of that conversation are here. Nothing of what is measured passes through it.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

export interface Child {
  /** Rejects when the process ends first, or says that it failed. */
  ask<T = void>(name: string, body?: unknown): Promise<T>
  readonly exited: Promise<void>
  kill(): void
}

interface Question {
  readonly id: number
  readonly name: string
  readonly body: unknown
}
interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

const alive = new Set<ChildProcess>()

/** Whatever ends this process ends its children: they are killed here, and leave when their channel closes. */
process.on('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    process.exit(1)
  })

export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

/** Can processes be bound to a core here? */
export function canPin(): boolean {
  return spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0
}

export function startChild(file: string, core: number | null, flags: readonly string[] = []): Child {
  const command = [...(core === null ? [] : ['taskset', '-c', `${core}`]), process.execPath, ...flags, file]
  // `taskset` becomes the process it starts, so the channel's descriptor reaches Node.
  const child = spawn(command[0] ?? process.execPath, command.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  alive.add(child)
  const open = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let questions = 0
  const exited = new Promise<void>(done => {
    child.once('exit', (code, signal) => {
      alive.delete(child)
      for (const { reject } of open.values()) reject(new Error(`${file} ended (${signal ?? code})`))
      open.clear()
      done()
    })
  })
  child.on('message', ({ id, value, error }: Answer) => {
    const asked = open.get(id)
    open.delete(id)
    if (error !== undefined) asked?.reject(new Error(error))
    else asked?.resolve(value as never)
  })
  return {
    ask(name, body) {
      const id = ++questions
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject })
        child.send({ id, name, body } satisfies Question, error => {
          if (!error) return
          open.delete(id)
          reject(error)
        })
      })
    },
    exited,
    kill: () => child.kill('SIGKILL'),
  }
}

/** The other end, in the child. It leaves when whoever started it is gone. */
export function answerQuestions(
  answers: Readonly<Record<string, (body: never) => unknown | Promise<unknown>>>,
): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', async ({ id, name, body }: Question) => {
    let answer: Answer
    try {
      const answering = answers[name]
      if (!answering) throw new Error(`no such question: ${name}`)
      answer = { id, value: await answering(body as never) }
    } catch (error) {
      answer = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
    if (process.connected) process.send?.(answer)
  })
}

export const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))
