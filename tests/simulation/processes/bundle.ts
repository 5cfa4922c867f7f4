// Makes one file out of an entry of the torture run, with the real sources. A mutant is a patch that exists here
// only: a text of a source file and what stands there instead. A patch whose text is not found is an error, so
// that a mutant cannot be green because it was never made.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

export type Part = 'server' | 'client' | 'agent' | 'page'

export interface Patch {
  readonly part: Part
  /** From the root of the project, e.g. `src/live/outbox.ts`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The project's root: the run is started there by npm, and so are the tests. */
const ROOT = process.cwd()
const HERE = 'tests/simulation/processes'
const require = createRequire(join(ROOT, 'package.json'))

const ENTRIES: Readonly<Record<Part, string>> = {
  server: `${HERE}/serverProcess.ts`,
  client: `${HERE}/clientProcess.ts`,
  agent: `${HERE}/agentProcess.ts`,
  page: `${HERE}/page.ts`,
}

/** What stands in for a module: by part, the module as its importer names it, and the importers it holds for. */
const STAND_INS: Readonly<Record<Part, readonly { module: RegExp; from: RegExp; to: string }[]>> = {
  server: [
    { module: /^libsql$/, from: /openSqlStore\.ts$/, to: `${HERE}/breakableDriver.ts` },
    { module: /^pg$/, from: /openPostgresStore\.ts$/, to: `${HERE}/breakablePostgres.ts` },
  ],
  client: [{ module: /\/keyedStore$/, from: /src\/live\/startLive\.ts$/, to: `${HERE}/fileKeyedStore.ts` }],
  agent: [
    { module: /^socket\.io-client$/, from: /src\/live\/socketTransport\.ts$/, to: `${HERE}/cookieSocket.ts` },
  ],
  page: [],
}

/** Writes `<folder>/<part>.mjs`; returns its path. */
export async function bundle(part: Part, folder: string, patches: readonly Patch[] = []): Promise<string> {
  const outfile = join(folder, `${part}.mjs`)
  const mine = patches.filter(patch => patch.part === part)
  const done = new Set<Patch>()
  const patched: Plugin = {
    name: 'patched',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, importer }) => {
        for (const { module, from, to } of STAND_INS[part])
          if (module.test(path) && from.test(importer)) return { path: resolve(ROOT, to) }
        return undefined
      })
      // Its binary is found from where it is installed.
      onResolve({ filter: /^libsql$/ }, () => ({ path: require.resolve('libsql'), external: true }))
      onResolve({ filter: /^(bufferutil|utf-8-validate|pg-native)$/ }, ({ path }) => ({
        path,
        external: true,
      }))
      onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path }) => {
        const file = relative(ROOT, path)
        const here = mine.filter(patch => patch.file === file)
        if (here.length === 0) return undefined
        let contents = await readFile(path, 'utf8')
        for (const patch of here) {
          if (contents.split(patch.find).length !== 2)
            throw new Error(
              `${file} holds this text not exactly once, so the mutant cannot be made: ${patch.find}`,
            )
          contents = contents.replace(patch.find, () => patch.replace)
          done.add(patch)
        }
        return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts', resolveDir: dirname(path) }
      })
    },
  }
  const isPage = part === 'page'
  await build({
    entryPoints: [join(ROOT, ENTRIES[part])],
    bundle: true,
    platform: isPage ? 'browser' : 'node',
    format: 'esm',
    target: 'es2022',
    outfile,
    // What is wrong is in the error that is thrown.
    logLevel: 'silent',
    define: { __VERSION__: '"torture"' },
    ...(isPage
      ? {}
      : {
          banner: {
            js: "import { createRequire as asklet_require } from 'node:module'; const require = asklet_require(import.meta.url);",
          },
        }),
    plugins: [patched],
  })
  for (const patch of mine)
    if (!done.has(patch))
      throw new Error(`${patch.file} is not part of ${part}, so the mutant cannot be made.`)
  return outfile
}
