// Runs a TypeScript file of the tests as a program of its own, from the sources as they are. Owns the folder that it
// is bundled into, and the signals that it is ended with. Refuses to know what the program does.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * Bundles, runs and cleans up.
 *
 * @param {readonly string[]} entries  TypeScript files of one folder: the first is run, the others lie beside it, as
 *   `<name>.mjs`
 * @param {{ args?: (out: string) => readonly string[], given?: readonly string[], builds?: (out: string) => readonly import('esbuild').BuildOptions[] }} options
 *   `args` are handed over before `given`, which is what the command line says; `builds` are made beside the program,
 *   for a browser
 * @returns {Promise<number>} what the program exits with; 1 when it was ended from outside
 */
export async function runBundled(
  entries,
  { args = () => [], given = process.argv.slice(2), builds = () => [] } = {},
) {
  const name = entries[0].split('/').slice(1, -1).join('-')
  // Inside node_modules, where packages are found; a folder of its own, because two may run at once.
  const out = resolve(`node_modules/.cache/asklet-${name}-${process.pid}`)
  const program = {
    entryPoints: [...entries],
    packages: 'external',
    define: { __VERSION__: '"bundled"', __RULES__: '"bundled"' },
    platform: 'node',
    format: 'esm',
    outdir: out,
    outExtension: { '.js': '.mjs' },
  }
  try {
    await Promise.all(
      [program, ...builds(out)].map(each => build({ bundle: true, logLevel: 'error', ...each })),
    )
    const child = spawn(
      process.execPath,
      [`${out}/${basename(entries[0], '.ts')}.mjs`, ...args(out), ...given],
      { stdio: 'inherit' },
    )
    const pass = signal => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, pass)
    return await new Promise(done => {
      child.once('exit', code => {
        for (const signal of signals) process.off(signal, pass)
        done(code ?? 1)
      })
    })
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
