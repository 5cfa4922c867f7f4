// A throw-away Postgres for tests: a cluster in a folder of its own, on a free loopback port, with fsync on.
// Needs the server's programs (Debian: postgresql), not a running server. Where they are absent a suite is
// skipped with a sentence, unless ASKLET_REQUIRE_POSTGRES=1 says that they must be there.

import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { chown, mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

export interface ThrowAwayPostgres {
  /** Of a database that is there from the start. */
  readonly url: string
  readonly port: number
  /** What a superuser gets for `text` in the database of `url`: fields by `|`, one row a line. */
  query(text: string): string
  /** `postgres://…` of another database, made anew: empty, or as the one of `like` is, which nobody may be connected to. */
  createDatabase(like?: string): Promise<string>
  dropDatabase(url: string): Promise<void>
  /** As a superuser, in the database of `url`. */
  run(url: string, text: string): Promise<void>
  /** Ends every connection to the database of `url`; how many there were. */
  terminateBackends(url: string): Promise<number>
  /** Stands still: takes connections and packets, answers nothing. Thawed by `thaw`, and before `close`. */
  freeze(): Promise<void>
  thaw(): void
  /** At once, as in a power cut. */
  stop(): Promise<void>
  /** Again, at the same port and with the same data. */
  start(): Promise<void>
  /** Ends the server and removes what it left. */
  close(): Promise<void>
}

/** Null where Postgres is there; else the sentence to skip a suite with. */
export function postgresAbsent(): string | null {
  if (programs() !== null) return null
  if (process.env.ASKLET_REQUIRE_POSTGRES === '1')
    throw new Error('ASKLET_REQUIRE_POSTGRES=1, but neither PATH nor /usr/lib/postgresql holds initdb')
  return 'skipped: no Postgres on this machine (Debian: apt-get install postgresql)'
}

/** The folder with initdb and pg_ctl: of PATH, else the newest of Debian's. */
function programs(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map(version => join(debian, version, 'bin')),
  ]
  return (
    folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl'))) ?? null
  )
}

const PASSWORD = 'a-password-of-the-test'

/** @param settings  more of postgresql.conf, like `max_connections=200` */
export async function startPostgres(...settings: string[]): Promise<ThrowAwayPostgres> {
  const bin = programs()
  if (!bin) throw new Error('no Postgres here: ask postgresAbsent() first')
  const folder = await mkdtemp(join(tmpdir(), 'asklet-postgres-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    await chown(folder, id('-u'), id('-g'))
  }
  // The server refuses to run as root.
  const command = (program: string, args: readonly string[]): [string, string[]] =>
    isRoot
      ? ['runuser', ['-u', 'postgres', '--', join(bin, program), ...args]]
      : [join(bin, program), [...args]]
  const call = (program: string, args: readonly string[]) => run(...command(program, args), { cwd: folder })
  const data = join(folder, 'data')

  // The superuser comes by the socket in our folder without a password; over TCP everybody needs one.
  await call('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--auth-host',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale',
    'C',
    '--no-sync',
  ])
  const port = await freePort()
  const options = [
    `-p ${port}`,
    ...[
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=on',
      'max_connections=100',
      'log_min_messages=fatal',
      ...settings,
    ].map(setting => `-c ${setting}`),
  ].join(' ')
  const start = () =>
    call('pg_ctl', ['-D', data, '-w', '-t', '30', '-l', join(folder, 'log'), '-o', options, 'start'])

  let stopped = false
  const stopNow = () => {
    if (stopped) return
    stopped = true
    thaw()
    spawnSync(...command('pg_ctl', ['-D', data, '-w', '-t', '20', '-m', 'immediate', 'stop']), {
      cwd: folder,
    })
    rmSync(folder, { recursive: true, force: true })
  }
  // Also when a test run is cut short: a server of nobody's would stay for ever.
  process.once('exit', stopNow)

  let frozen: number[] = []
  function thaw() {
    for (const pid of frozen)
      try {
        process.kill(pid, 'SIGCONT')
      } catch {
        // It ended meanwhile.
      }
    frozen = []
  }

  async function asSuperuser<T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ host: folder, port, user: 'postgres', database })
    client.on('error', () => {})
    await client.connect()
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  }
  const databaseOf = (url: string) => new URL(url).pathname.slice(1)

  try {
    await start()
    await asSuperuser('postgres', client => client.query(`create role asklet login password '${PASSWORD}'`))
  } catch (error) {
    stopNow()
    throw error
  }

  let made = 0
  async function createDatabase(like?: string): Promise<string> {
    const name = `desk_${++made}`
    const template = like === undefined ? '' : ` template ${databaseOf(like)}`
    await asSuperuser('postgres', client => client.query(`create database ${name} owner asklet${template}`))
    return `postgres://asklet:${PASSWORD}@127.0.0.1:${port}/${name}`
  }
  const url = await createDatabase()

  return {
    url,
    port,
    query(text) {
      const at = ['-h', folder, '-p', String(port), '-U', 'postgres', '-d', databaseOf(url)]
      const asked = spawnSync(...command('psql', [...at, '-Atc', text]), { encoding: 'utf8', cwd: folder })
      if (asked.status !== 0) throw new Error(asked.stderr)
      return asked.stdout.trim()
    },
    createDatabase,
    dropDatabase: other =>
      asSuperuser('postgres', async client => {
        await client.query(`drop database if exists ${databaseOf(other)} with (force)`)
      }),
    run: (other, text) =>
      asSuperuser(databaseOf(other), async client => {
        await client.query(text)
      }),
    terminateBackends: other =>
      asSuperuser('postgres', async client => {
        const { rowCount } = await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
          [databaseOf(other)],
        )
        return rowCount ?? 0
      }),
    async freeze() {
      const first = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
      const pids = await asSuperuser('postgres', async client => {
        const { rows } = await client.query<{ pid: number }>(
          'select pid from pg_stat_activity where pid <> pg_backend_pid()',
        )
        return rows.map(({ pid }) => pid)
      })
      frozen = [first, ...pids]
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw,
    async stop() {
      thaw()
      await call('pg_ctl', ['-D', data, '-w', '-t', '20', '-m', 'immediate', 'stop'])
    },
    async start() {
      await start()
    },
    async close() {
      process.removeListener('exit', stopNow)
      stopNow()
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
