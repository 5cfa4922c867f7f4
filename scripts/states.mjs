// The gallery's frame, bundled and served by itself: what takes pictures and what checks states open the same page that
// `npm start` serves, without a build of everything, and of any working tree.
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** As text, as Rollup and Vite have it. */
const asText = {
  name: 'as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?(?:raw|inline)$/ }, async ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/\?\w+$/, '')),
      namespace: 'text',
    }))
    onLoad({ filter: /.*/, namespace: 'text' }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'text',
    }))
  },
}

/** The English texts of all faces, each word of them as `write` has it. */
const inOtherWords = write => ({
  name: 'in-other-words',
  setup({ onLoad }) {
    onLoad({ filter: /\Wsrc\W(?:.+\.en|.+\Wtexts\Wen)\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(JSON.parse(await readFile(path, 'utf8')), (_, value) =>
        typeof value === 'string' ? write(value) : value,
      ),
      loader: 'json',
    }))
  },
})

/**
 * The frame of the working tree at `root`, ready to be served from `out`.
 *
 * @param {{ write?: (text: string) => string }} [options] `write` says each English text in other words
 * @returns {Promise<readonly { id: string, surface: string, title: string, group: string }[]>} its states
 */
export async function bundleStates(root, out, { write } = {}) {
  const from = join(root, 'demo/states')
  if (!existsSync(join(from, 'frame.ts')))
    throw new Error(
      `${from} must hold the gallery of states, got none. An older commit has no such pictures.`,
    )
  mkdirSync(out, { recursive: true })
  const shared = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'error', absWorkingDir: root }
  await build({
    ...shared,
    entryPoints: ['frame.ts', 'gallery.ts'].map(name => join(from, name)).filter(path => existsSync(path)),
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { __VERSION__: '"states"', __RULES__: '"states"' },
    plugins: [asText, ...(write ? [inOtherWords(write)] : [])],
    outdir: out,
  })
  await build({ ...shared, entryPoints: [join(from, 'catalogue.ts')], outfile: join(out, 'catalogue.mjs') })
  for (const name of ['frame.html', 'frame.css', 'gallery.css', 'picture.svg'])
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(out, name))
  for (const [side, folder] of [
    ['visitor', 'src/assistant/texts'],
    ['desk', 'src/desk/texts'],
  ]) {
    mkdirSync(join(out, 'texts', side), { recursive: true })
    const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []
    for (const name of names)
      if (/^[a-z]{2}\.json$/.test(name))
        await copyFile(join(root, folder, name), join(out, 'texts', side, name))
  }
  return (await import(pathToFileURL(join(out, 'catalogue.mjs')).href)).STATES
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
/** As demo/site.ts has it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

/**
 * Serves `folder` on a free port of this machine, under the gallery's policy unless another is named.
 *
 * @returns {Promise<{ address: string, close(): void }>} address of the frame's folder, with a slash
 */
export async function serveFolder(folder, policy = POLICY) {
  const server = createServer(({ url }, response) => {
    const path = join(folder, decodeURIComponent(new URL(url, 'http://x').pathname))
    if (!path.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile())
      return response.writeHead(404).end()
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    createReadStream(path).pipe(response)
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/**
 * What looks inside a page (`tests/browser/a11y/inPage.ts`), as one script at `outfile`: a browser's own tools put it
 * there, past the page's policy.
 */
export const bundleLooks = (root, outfile) =>
  build({
    bundle: true,
    format: 'iife',
    logLevel: 'error',
    platform: 'browser',
    target: 'es2022',
    absWorkingDir: root,
    entryPoints: [join(root, 'tests/browser/a11y/inPage.ts')],
    outfile,
  })

/** Opens a state in a page of playwright's. @throws with the state's own sentence where it cannot be reached */
export async function openState(page, address, id, look = {}) {
  const query = new URLSearchParams({ state: id, ...look })
  await page.goto(`${address}frame.html?${query}`, { waitUntil: 'commit' })
  const stood = await page.waitForFunction(
    () => {
      const { state, failed } = document.documentElement.dataset
      return failed ? { failed } : state ? { state } : null
    },
    null,
    { polling: 30, timeout: 30_000 },
  )
  const { failed } = await stood.jsonValue()
  if (failed) throw new Error(failed)
}
