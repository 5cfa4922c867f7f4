// What published bundles leave out of two libraries, because tree shaking cannot see that nobody uses it:
//   engine.io-client  polling and WebTransport: `live/socketTransport` asks for WebSocket only, and has an HTTP
//                     ladder of its own under it
//   marked            parser, renderer and the default instance: `knowledge/fromMarkdown` uses the lexer only
// Each cut names the text that it expects. A release that looks otherwise fails the build instead of growing it
// in silence, or breaking a page. What npm installs is untouched: there these packages stay outside.

const CUTS = [
  {
    inside: '/engine.io-client/build/esm/',
    file: 'transports/index.js',
    pattern:
      /^import \{ XHR \} from "\.\/polling-xhr\.node\.js";\nimport \{ WS \} from "\.\/websocket\.node\.js";\nimport \{ WT \} from "\.\/webtransport\.js";\nexport const transports = \{\n {4}websocket: WS,\n {4}webtransport: WT,\n {4}polling: XHR,\n\};\s*$/,
    kept: () => 'import { WS } from "./websocket.node.js"\nexport const transports = { websocket: WS }\n',
    // Its index exports every transport by name; what nobody takes may then go, with the checks it runs at load.
    moduleSideEffects: false,
  },
  {
    inside: '/marked/lib/',
    file: 'marked.esm.js',
    // The default instance, its functions, and the list of exports: the end of the file.
    pattern:
      /var (\w+)=new \w+;function (\w+)\(l,e\)\{return \1\.parse\(l,e\)\}\2\.options=.*?export\{[^}]*?\b(\w+) as Lexer\b[^}]*\};/s,
    kept: (_all, _instance, _parse, lexer) => `export{${lexer} as Lexer};`,
  },
]

/** A rollup plugin. Fails the build when a library is bundled and the part to leave out was not found in it. */
export function leaveOut() {
  const done = new Set()
  return {
    name: 'leave-out',
    buildStart: () => done.clear(),
    transform(code, id) {
      const cut = CUTS.find(({ inside }) => id.includes(inside))
      if (!cut) return null
      const { moduleSideEffects = null } = cut
      if (!id.endsWith(cut.inside + cut.file)) return { code, map: null, moduleSideEffects }
      if (!cut.pattern.test(code)) this.error(`${id} is not as scripts/leaveOut.mjs knows it. Read it anew.`)
      done.add(cut)
      // The cut is at the end, or the whole file: positions before it stay.
      return { code: code.replace(cut.pattern, cut.kept), map: null, moduleSideEffects }
    },
    buildEnd(error) {
      if (error) return
      for (const cut of CUTS)
        if (!done.has(cut) && [...this.getModuleIds()].some(id => id.includes(cut.inside)))
          this.error(
            `${cut.inside}${cut.file} was not seen. Has the library moved it? See scripts/leaveOut.mjs.`,
          )
    },
  }
}
