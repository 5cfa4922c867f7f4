// What published bundles leave out of three libraries, because tree shaking cannot see that nobody uses it:
//   socket.io-client  and what it stands on: `live/socketTransport` asks for a WebSocket only, with an HTTP ladder of
//                     its own under it; it sends and takes JSON, never bytes; it reconnects and retries by itself
//   marked            parser, renderer and the default instance: `knowledge/fromMarkdown` uses the lexer only
// Each cut names the text or the methods that it expects. A release that looks otherwise fails the build instead of
// growing it in silence, or breaking a page. What npm installs is untouched: there these packages stay outside.

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
  // From one transport to a better one: there is only one.
  { inside: '/engine.io-client/build/esm/', file: 'socket.js', methods: ['_probe'] },
  // An address in one piece: it is told where to connect by host and port.
  {
    inside: '/engine.io-client/build/esm/',
    file: 'contrib/parseuri.js',
    pattern: /^\/\/ imported from .*\nexport function parse\(str\) \{.*$/s,
    kept: () => 'export const parse = host => ({ host })\n',
  },
  {
    inside: '/engine.io-parser/build/esm/',
    file: 'encodePacket.browser.js',
    pattern:
      /^import \{ PACKET_TYPES \} .*?\nconst with.*\nconst encodePacket = \(\{ type, data \}, supportsBinary, callback\) => \{.*$/s,
    kept: () =>
      'import { PACKET_TYPES } from "./commons.js"\nexport const encodePacket = ({ type, data }, _, callback) => callback(PACKET_TYPES[type] + (data || ""))\nexport const encodePacketToBinary = encodePacket\n',
  },
  {
    inside: '/engine.io-parser/build/esm/',
    file: 'decodePacket.browser.js',
    // A frame of bytes is not ours, and no packet.
    pattern:
      /^(import \{ ERROR_PACKET.*?\n)import \{ decode \}.*?(\n {4}const packetType = PACKET_TYPES_REVERSE\[type\];.*?\n\};\n)const decodeBase64Packet = .*$/s,
    kept: (_all, imports, rest) =>
      `${imports}export const decodePacket = encodedPacket => {\n    const type = typeof encodedPacket === "string" && encodedPacket.charAt(0);${rest}`,
  },
  {
    inside: '/socket.io-parser/build/esm/',
    file: 'is-binary.js',
    pattern:
      /^const withNative.*\nexport function isBinary\(obj\) .*\nexport function hasBinary\(obj, toJSON\) .*$/s,
    kept: () => 'export const isBinary = () => false\nexport const hasBinary = () => false\n',
  },
  {
    inside: '/socket.io-parser/build/esm/',
    file: 'binary.js',
    pattern:
      /^import \{ isBinary \} .*\nexport function deconstructPacket\(.*\nexport function reconstructPacket\(.*$/s,
    kept: () =>
      'export const deconstructPacket = packet => packet\nexport const reconstructPacket = packet => packet\n',
  },
  { inside: '/socket.io-parser/build/esm/', file: 'index.js', methods: ['encodeAsBinary'] },
  // Makes sockets by address, and keeps them: nobody asks for that.
  {
    inside: '/socket.io-client/build/esm/',
    file: 'index.js',
    pattern: /^import \{ url \} .*\nfunction lookup\(uri, opts\) \{.*\nexport \{ Manager, .*$/s,
    kept: () => 'export { Manager } from "./manager.js"\n',
  },
  {
    inside: '/socket.io-client/build/esm/',
    file: 'socket.js',
    moduleSideEffects: false,
    methods: [
      'send',
      'emitWithAck',
      '_addToQueue',
      'compress',
      'get volatile',
      'timeout',
      'onAny',
      'prependAny',
      'offAny',
      'listenersAny',
      'onAnyOutgoing',
      'prependAnyOutgoing',
      'offAnyOutgoing',
      'listenersAnyOutgoing',
    ],
  },
  { inside: '/socket.io-client/build/esm/', file: 'manager.js', methods: ['reconnect', 'onreconnect'] },
  {
    inside: '/socket.io-client/build/esm/',
    file: 'contrib/backo2.js',
    pattern: /^.*\nexport function Backoff\(opts\) \{.*\nBackoff\.prototype\.reset = .*$/s,
    kept: () => 'export class Backoff { reset() {} }\n',
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

/** `code` without what the cut names, or null where that is not in it. Lines stay where they were. */
function without(code, { pattern, kept, methods = [] }) {
  if (pattern) return pattern.test(code) ? code.replace(pattern, kept) : null
  let rest = code
  for (const name of methods) {
    // A method of a class: four blanks before its name, and before the brace that ends it.
    const method = new RegExp(`^ {4}${name}\\([^\\n]*\\) \\{\\n.*?\\n {4}\\}$`, 'ms')
    if (!method.test(rest)) return null
    rest = rest.replace(method, text => text.replace(/[^\n]/g, ''))
  }
  return rest
}

/** A rollup plugin. Fails the build when a library is bundled and the part to leave out was not found in it. */
export function leaveOut() {
  const done = new Set()
  return {
    name: 'leave-out',
    buildStart: () => done.clear(),
    transform(code, id) {
      const cuts = CUTS.filter(({ inside }) => id.includes(inside))
      if (!cuts.length) return null
      const { moduleSideEffects = null } = cuts[0]
      const cut = cuts.find(({ inside, file }) => id.endsWith(inside + file))
      if (!cut) return { code, map: null, moduleSideEffects }
      const rest = without(code, cut)
      if (rest === null) this.error(`${id} is not as scripts/leaveOut.mjs knows it. Read it anew.`)
      done.add(cut)
      return { code: rest, map: null, moduleSideEffects }
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
