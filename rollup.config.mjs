// One tree, several outputs, in this order (the loader must know the hashed name of the panel chunk):
//   dist/cdn/<version>/   panel and its lazy chunks, then the loader
//   dist/cdn/asklet.js    the same loader for a short-cached address; its chunks are those of this version
//   dist/npm              ES modules and types: browser doors carry Preact and signals in a shared chunk,
//                         node doors keep every package outside
//   dist/desk             the agents' window as static files
//   dist/preview          the page of `asklet dev`
//   dist/demo             the demo server
// Type checking is tsc's job; esbuild only takes the types off.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import resolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { transform } from 'esbuild'
import { Features, transform as transformCss } from 'lightningcss'
import { dts } from 'rollup-plugin-dts'
import { leaveOut } from './scripts/leaveOut.mjs'

const pkg = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const extensions = ['.mjs', '.js', '.ts', '.tsx']
const versionFolder = `dist/cdn/${pkg.version}`

/** What ranks and answers, by its content: a journal names it, so that nobody asks other code to decide the same. */
const RULES = rulesHash(['src/search', 'src/bot', 'src/understanding', 'src/knowledge', 'src/conversation'])

function rulesHash(folders) {
  const hash = createHash('sha256')
  for (const folder of folders)
    for (const file of readdirSync(folder, { recursive: true }).sort())
      if (/\.(ts|json)$/.test(file))
        hash.update(`${folder}/${file}\n`).update(readFileSync(`${folder}/${file}`))
  return hash.digest('hex').slice(0, 12)
}

const typescript = (define = {}) => ({
  name: 'typescript',
  async transform(code, id) {
    if (!/\.tsx?$/.test(id)) return null
    const out = await transform(code, {
      loader: id.endsWith('x') ? 'tsx' : 'ts',
      target: 'es2022',
      // The classic call: children as arguments are shorter than a property, and signals bring its function anyway.
      ...(id.endsWith('x') && {
        jsxFactory: '_h',
        jsxFragment: '_Fragment',
        banner: "import { h as _h, Fragment as _Fragment } from 'preact'",
      }),
      sourcemap: true,
      sourcefile: id,
      define: { __VERSION__: JSON.stringify(pkg.version), __RULES__: JSON.stringify(RULES), ...define },
    })
    return { code: out.code, map: out.map }
  },
})

const json = () => ({
  name: 'json',
  transform(code, id) {
    if (!id.endsWith('.json')) return null
    return { code: `export default ${JSON.stringify(JSON.parse(code))}`, map: null, moduleSideEffects: false }
  },
})

/** `import css from './x.css?inline'`: the same words work in Vite, so tests see the same file. */
const cssInline = () => {
  const targets = { chrome: 111 << 16, safari: (16 << 16) | (4 << 8), firefox: 115 << 16 }
  return {
    name: 'css-inline',
    async resolveId(source, importer) {
      if (!source.endsWith('.css?inline')) return null
      const found = await this.resolve(source.slice(0, -7), importer, { skipSelf: true })
      return found ? `${found.id}?inline` : null
    },
    async load(id) {
      if (!id.endsWith('.css?inline')) return null
      const file = id.slice(0, -7)
      this.addWatchFile(file)
      const { code } = transformCss({
        filename: file,
        code: await readFile(file),
        minify: true,
        targets,
        // What stands in for light-dark() goes along with each `color-scheme`: they are all in ui/tokens.css.
        include: Features.LightDark,
      })
      return {
        code: `export default ${JSON.stringify(code.toString().replaceAll('--lightningcss-', '--'))}`,
        moduleSideEffects: false,
        map: null,
      }
    },
  }
}

/** Private names (`_x` never; nothing is mangled): two bundles of one page must agree on every property. */
const minify = () =>
  terser({
    module: true,
    ecma: 2022,
    // Not pure_getters: reading a signal's value is what subscribes. inline 1: deeper inlining repeats what
    // brotli then has to tell apart; esbuild's minifier is 3 % behind on every chunk.
    // unsafe: `new Error` without its `new`, templates as sums; `String(symbol)` throws then, so nobody may ask for it.
    // lhs_constants: `x === 0` stays as it was written, as most of it is.
    compress: { passes: 3, unsafe: true, unsafe_arrows: true, inline: 1, lhs_constants: false },
    format: { comments: false },
  })

/** One word for what never changes and what does: brotli sees the same beginning everywhere. */
const oneDeclaration = {
  name: 'one-declaration',
  renderChunk(code) {
    let rest = code
    const visit = node => {
      if (node?.type === 'VariableDeclaration' && node.kind === 'const')
        rest = `${rest.slice(0, node.start)}let  ${rest.slice(node.start + 5)}`
      for (const value of Object.values(Object(node))) if (typeof value === 'object') visit(value)
    }
    // As long as before: what a source map says stays true.
    visit(this.parse(code))
    return { code: rest, map: null }
  },
}

/**
 * Firefox and Safari remember for as long as a page lives that a module did not come: once the line is back, only
 * another address brings it. Where two parts of one file are asked for meanwhile, it may come twice: no module keeps
 * anything of its own, so nothing comes apart. What such a file imports itself is not asked for again: then the panel
 * offers a reload. For what leads to a person.
 */
const askAgain = {
  name: 'ask-again',
  renderDynamicImport: ({ targetModuleId }) =>
    /\/(ConversationView|conversationParts|[Hh]andoff|startLive|socketTransport|[Dd]ispute(?:Shown)?)\.tsx?$/.test(
      targetModuleId ?? '',
    )
      ? { left: '(u=>import(u).catch(()=>import(u+"?"+Date.now())))(', right: ')' }
      : null,
}

const browserPlugins = () => [cssInline(), json(), resolve({ browser: true, extensions }), typescript()]
/** What is CommonJS among the packages that the command line carries (boolbase), as a module. */
const commonjs = () => ({
  name: 'commonjs',
  async transform(code, id) {
    if (
      !/node_modules/.test(id) ||
      /^\s*(?:import|export)\b/m.test(code) ||
      !/\bmodule\.exports\b/.test(code)
    )
      return null
    const out = await transform(code, { format: 'esm', sourcemap: true, sourcefile: id })
    return { code: out.code, map: out.map }
  },
})
// Node's packages stay outside, but for those that only the command line needs (`yaml`, what reads HTML and CSV).
// Not the browser condition: one of them has a version there that needs a document.
const nodePlugins = () => [cssInline(), json(), resolve({ extensions }), commonjs(), typescript()]
/** A warning is a mistake of ours; what other people's packages do among themselves is not. */
const THEIRS = /^(?:CIRCULAR_DEPENDENCY|THIS_IS_UNDEFINED|UNUSED_EXTERNAL_IMPORT)$/
const onwarn = (warning, warn) => {
  const files = [warning.id, ...(warning.ids ?? [])].filter(Boolean)
  if (THEIRS.test(warning.code) && files.length && files.every(file => file.includes('node_modules'))) return
  warn(warning)
}

/**
 * What always comes together is one file: a request less, and brotli sees it in one piece. In the order in which a
 * visitor needs them, because a module goes to the first that takes it; `redact`, which parts of several steps need,
 * stays by itself. The live half is not the handoff's: where it cannot be had, there is still an offer that says so.
 */
const TOGETHER = {
  // The list of earlier conversations stands in the first view: what it shares with others must not bring them along.
  panel: ['panel', 'protocol/version', 'protocol/category'],
  ArticleView: ['ui/ArticleView'],
  redact: ['base/redact'],
  // Who only looks at what is kept needs no more than this.
  keyedStore: ['base/keyedStore'],
  conversation: ['assistant/conversationParts', 'search/passages', 'ui/ConversationView'],
  en: ['understanding/languages/en'],
  handoff: ['conversation/handoff', 'ui/Handoff'],
  startLive: ['live/startLive'],
  Dispute: ['conversation/disputeShown', 'ui/Dispute'],
}

/** `manualChunks`: every module that a part of `TOGETHER` imports statically, to the first part that does. */
const together = () => {
  let partOf
  return (id, { getModuleIds, getModuleInfo }) => {
    if (!partOf) {
      partOf = new Map()
      const take = (part, id) => {
        if (partOf.has(id)) return
        partOf.set(id, part)
        for (const imported of getModuleInfo(id)?.importedIds ?? []) take(part, imported)
      }
      const all = [...getModuleIds()]
      for (const [part, names] of Object.entries(TOGETHER))
        for (const name of names) {
          const found = all.find(id => /^\.tsx?$/.test(id.split(`/src/${name}`)[1]))
          if (!found) throw new Error(`TOGETHER in rollup.config.mjs names src/${name}, which no chunk has.`)
          take(part, found)
        }
    }
    return partOf.get(id)
  }
}

const dependencies = Object.keys(pkg.dependencies)
const serverPackages = Object.keys(pkg.peerDependencies)
const outside = names => [...names.map(name => new RegExp(`^${name}(/|$)`)), /^node:/]

/** Hashed names of what the loader fetches, by their doors. */
const entryFiles = {}
/** And of the languages, by their source: `…/texts/de.json`. */
const languageFiles = {}
const rememberEntry = {
  name: 'remember-entry',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      if (file.isEntry) entryFiles[file.name] = file.fileName
      else if (/\/assistant\/texts\/[a-z]+\.json$/.test(file.facadeModuleId ?? ''))
        languageFiles[file.facadeModuleId] = file.fileName
    }
  },
}
/** A language is one file, whoever asks first: offers fetch the panel's. */
const panelsLanguages = {
  name: 'panels-languages',
  async resolveDynamicImport(source, importer) {
    if (typeof source !== 'string' || !source.endsWith('.json')) return null
    const found = await this.resolve(source, importer)
    const name = found && languageFiles[found.id]
    return name ? { id: `./${name}`, external: true } : null
  },
}
/**
 * A classic script is read in the page's own encoding. With this mark it is UTF-8 on a page in Latin-1 too, where
 * the button's words in other scripts would come out as noise.
 */
const byteOrderMark = {
  name: 'byte-order-mark',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = `\uFEFF${file.code}`
  },
}
const loader = (dir, chunks) => ({
  input: { asklet: 'src/loader.ts' },
  plugins: [
    cssInline(),
    json(),
    resolve({ extensions }),
    {
      // Only now are the hashed names known.
      name: 'loader-names',
      transform: (code, id) =>
        typescript({
          __CHUNKS__: JSON.stringify(chunks),
          __PANEL__: JSON.stringify(entryFiles.panel),
          __OFFERS__: JSON.stringify(entryFiles.offers),
          __HOST_BUTTONS__: JSON.stringify(entryFiles.hostButtons),
        }).transform(code, id),
    },
    oneDeclaration,
    terser({
      ecma: 2022,
      compress: { passes: 3, unsafe_arrows: true },
      format: { comments: false },
    }),
    byteOrderMark,
  ],
  output: { dir, format: 'iife', entryFileNames: '[name].js', sourcemap: true },
})

const browserDoors = { index: 'src/index.ts', element: 'src/element.ts', desk: 'src/desk.ts' }
const nodeDoors = { server: 'src/server.ts', testing: 'src/testing.ts', cli: 'src/cli.ts' }

export default [
  {
    input: { panel: 'src/panel.ts' },
    // One file, not a facade before another: one round trip less.
    preserveEntrySignatures: 'allow-extension',
    plugins: [...browserPlugins(), leaveOut(), askAgain, oneDeclaration, minify(), rememberEntry],
    output: {
      dir: versionFolder,
      format: 'es',
      entryFileNames: '[name]-[hash:6].js',
      chunkFileNames: '[name]-[hash:6].js',
      hashCharacters: 'base36',
      hoistTransitiveImports: false,
      freeze: false,
      onlyExplicitManualChunks: true,
      manualChunks: together(),
      sourcemap: true,
    },
  },
  {
    // Not chunks of the panel's: they would bring along whatever the two share. These two share nothing.
    input: { offers: 'src/offers.ts', hostButtons: 'src/launcher/hostButtons.ts' },
    plugins: [panelsLanguages, ...browserPlugins(), oneDeclaration, minify(), rememberEntry],
    output: {
      dir: versionFolder,
      format: 'es',
      entryFileNames: '[name]-[hash:6].js',
      chunkFileNames: '[name]-[hash:6].js',
      hashCharacters: 'base36',
      sourcemap: true,
    },
  },
  loader(versionFolder, './'),
  loader('dist/cdn', `./${pkg.version}/`),
  {
    input: browserDoors,
    external: outside(dependencies),
    plugins: browserPlugins(),
    output: {
      dir: 'dist/npm',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      sourcemap: true,
    },
  },
  {
    input: nodeDoors,
    onwarn,
    external: outside([...dependencies, ...serverPackages]),
    plugins: nodePlugins(),
    output: {
      dir: 'dist/npm',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/node-[name]-[hash].js',
      sourcemap: true,
    },
  },
  {
    input: { desk: 'src/desk/page.ts' },
    plugins: [...browserPlugins(), leaveOut(), oneDeclaration, minify()],
    output: {
      dir: 'dist/desk',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
    },
  },
  {
    input: { preview: 'src/cli/preview/page.ts' },
    plugins: [...browserPlugins(), oneDeclaration, minify()],
    output: { dir: 'dist/preview', format: 'es', entryFileNames: '[name].js', sourcemap: true },
  },
  {
    input: {
      server: 'demo/server.ts',
      site: 'demo/site.ts',
      journey: 'demo/journey.ts',
      deskJourney: 'demo/deskJourney.ts',
      ticketJourney: 'demo/ticketJourney.ts',
    },
    external: [
      ...outside([
        ...dependencies,
        ...serverPackages,
        'playwright-core',
        '@sparticuz/chromium',
        'smtp-server',
      ]),
    ],
    plugins: nodePlugins(),
    output: {
      dir: 'dist/demo',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
    },
  },
  {
    input: { ...browserDoors, server: 'src/server.ts', testing: 'src/testing.ts' },
    external: [...outside([...dependencies, ...serverPackages]), /\.css\?inline$/, /\.json$/],
    plugins: [dts()],
    output: {
      dir: 'dist/npm',
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'chunks/[name]-[hash].d.ts',
    },
  },
]
