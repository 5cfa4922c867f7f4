// Walks every import of src/ and holds the tables of src/README.md: who may know whom, and where each
// third-party package lives.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { english } from '../src/understanding/languages/en'
import { CHAT_WORDS } from '../src/understanding/languages/enSmallWords'

const SRC = resolve(import.meta.dirname, '../src')

/** Room -> rooms (or single files) whose values it may import. `import type` of a seam is free between client rooms. */
const MAY_KNOW: Record<string, readonly string[]> = {
  protocol: ['base/errors', 'base/plain', 'base/shape'],
  base: [],
  context: ['base', 'protocol/search'],
  journal: ['base', 'protocol'],
  knowledge: ['base'],
  understanding: ['base', 'knowledge', 'protocol/category'],
  search: ['base', 'context', 'knowledge', 'understanding', 'protocol/search', 'protocol/version'],
  bot: ['base', 'context', 'knowledge', 'understanding', 'journal', 'protocol/answer', 'protocol/version'],
  live: ['base', 'protocol'],
  conversation: ['base', 'protocol', 'journal', 'understanding'],
  assistant: [
    'base',
    'protocol',
    'context',
    'journal',
    'knowledge',
    'understanding',
    'search',
    'bot',
    'live',
    'conversation',
  ],
  launcher: ['base'],
  ui: [
    'base',
    'protocol/category',
    'protocol/limits',
    'protocol/attachments',
    'search/completion',
    'conversation/disclosure',
    'conversation/named',
  ],
  desk: [
    'base',
    'protocol',
    'live',
    'search',
    'knowledge',
    'conversation/timeline',
    'ui/Bones',
    'ui/Content',
    'ui/Files',
    'ui/Heard',
    'ui/newLines',
    'ui/useNewest',
    'ui/styles',
    'ui/icons',
    'ui/contrast',
  ],
  server: [
    'base',
    'protocol',
    'journal',
    'knowledge',
    'understanding',
    'search',
    'bot/groundedAnswer',
    'bot/supports',
  ],
  // What it tests is what a visitor gets: the conversation as the assistant puts it together.
  cli: [
    'base',
    'protocol',
    'knowledge',
    'understanding',
    'search',
    'bot',
    'conversation',
    'server',
    'assistant/conversationParts',
    'journal/rankedOn',
  ],
  testing: ['base', 'protocol', 'live', 'server'],
  'door:loader': ['launcher', 'base'],
  'door:offers': ['assistant', 'launcher', 'base/environment'],
  'door:panel': ['assistant', 'ui', 'launcher', 'base/environment'],
  'door:index': [
    'assistant',
    'launcher',
    'ui',
    'base/environment',
    'base/errors',
    'base/once',
    'base/route',
    'search/remoteSearch',
    'door:offers',
  ],
  'door:element': ['door:index'],
  'door:desk': ['desk'],
  'door:server': ['server'],
  'door:cli': ['cli', 'protocol/config'],
  'door:testing': ['testing'],
}

/** Types flow up and sideways freely among client rooms, never out of a face or the server into the client. */
const NO_TYPES_FROM: Record<string, readonly string[]> = {
  protocol: ['*'],
  base: ['*'],
  launcher: ['search', 'bot', 'live', 'conversation', 'ui', 'server', 'desk', 'cli', 'testing'],
  '*': ['server', 'cli'],
}
const TYPES_ALLOWED: Record<string, readonly string[]> = {
  server: ['server', 'cli'],
  cli: ['server', 'cli'],
  testing: ['server'],
  'door:server': ['server'],
  'door:testing': ['server'],
  'door:cli': ['cli', 'server'],
}

const HOME_OF: Record<string, readonly string[]> = {
  preact: ['ui', 'desk'],
  '@preact/signals': ['ui', 'desk'],
  '@preact/signals-core': ['search', 'conversation', 'live', 'assistant', 'desk', 'base', 'context'],
  'socket.io-client': ['live/socketTransport'],
  'socket.io': ['server', 'cli'],
  marked: ['knowledge/fromMarkdown'],
  dompurify: ['knowledge/fromHtml'],
  valibot: [
    'protocol/parse',
    'protocol/parseDesk',
    'protocol/parseSearch',
    'protocol/parseAnswer',
    'protocol/parseDeliveries',
    'protocol/parseReviews',
    'server',
  ],
  'file-type': ['server/files/fileKind'],
  aws4fetch: ['server/files/s3Attachments'],
  'eventsource-parser': ['server/answersModel'],
  redis: ['server/broker', 'cli/limitsClient'],
  '@socket.io/redis-streams-adapter': ['server/broker'],
  kysely: ['server/store'],
  libsql: ['server/store'],
  jose: ['server/signedVisitors'],
  'rate-limiter-flexible': ['server/admission'],
  pg: ['server/store'],
  'prom-client': ['server/operations/prometheus'],
  pino: ['cli/logArguments'],
  nodemailer: ['server/outbound/smtp'],
  yaml: ['knowledge/frontMatter', 'cli'],
  chokidar: ['cli/watchFolder'],
  hast: ['cli/importers'],
  mdast: ['cli/importers'],
  'hast-util-from-html': ['cli/importers'],
  'hast-util-select': ['cli/importers'],
  'hast-util-to-mdast': ['cli/importers'],
  'mdast-util-to-markdown': ['cli/importers'],
  'mdast-util-gfm': ['cli/importers'],
  'csv-parse': ['cli/importers'],
  '@dagrejs/dagre': ['cli/flowDiagramSvg'],
}

interface Import {
  from: string
  to: string
  isType: boolean
  line: number
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return files(path)
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (node: ts.Node, to: string, isType: boolean) =>
    found.push({
      from: file,
      to,
      isType,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    })
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause
      const named = clause?.namedBindings
      const allTypes =
        clause?.isTypeOnly ||
        (!clause?.name &&
          named &&
          ts.isNamedImports(named) &&
          named.elements.every(element => element.isTypeOnly))
      add(node, node.moduleSpecifier.text, Boolean(allTypes))
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      add(node, node.moduleSpecifier.text, node.isTypeOnly)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const target = node.arguments[0]
      if (target && ts.isStringLiteral(target)) add(node, target.text, false)
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node, node.argument.literal.text, true)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `src/live/outbox.ts` -> `live/outbox`; a door `src/index.ts` -> `door:index`. */
function place(file: string): { room: string; path: string } {
  const path = relative(SRC, file)
    .split(sep)
    .join('/')
    .replace(/\.tsx?$/, '')
  const [first = '', ...rest] = path.split('/')
  if (rest.length === 0) return { room: `door:${first}`, path: `door:${first}` }
  if (first === 'compat') return { room: 'door:compat', path }
  return { room: first, path }
}

const allows = (list: readonly string[], path: string, room: string) =>
  list.some(entry => entry === room || entry === path || path.startsWith(`${entry}/`))

const every = files(SRC).flatMap(importsOf)

describe('architecture', () => {
  test('every file of src is in a room or is a door of the map', () => {
    const unknown = [...new Set(files(SRC).map(file => place(file).room))].filter(room => !MAY_KNOW[room])
    expect(unknown).toEqual([])
  })

  test('imports point down only', () => {
    const wrong: string[] = []
    for (const item of every) {
      if (!item.to.startsWith('.') || item.to.endsWith('.css?inline') || item.to.endsWith('.json')) continue
      const from = place(item.from)
      const to = place(resolve(dirname(item.from), `${item.to}.ts`))
      if (from.room === to.room) continue
      if (item.isType) {
        const banned = NO_TYPES_FROM[from.room] ?? NO_TYPES_FROM['*'] ?? []
        const allowed = TYPES_ALLOWED[from.room] ?? []
        const typesOfGround = from.room === 'base' ? [] : ['protocol', 'base']
        if (typesOfGround.includes(to.room)) continue
        if (
          (banned.includes('*') || banned.includes(to.room)) &&
          !allowed.includes(to.room) &&
          !allows(MAY_KNOW[from.room] ?? [], to.path, to.room)
        ) {
          wrong.push(`${from.path}:${item.line} takes a type from ${to.path}`)
        }
        continue
      }
      if (!allows(MAY_KNOW[from.room] ?? [], to.path, to.room))
        wrong.push(`${from.path}:${item.line} imports ${to.path}`)
    }
    expect(wrong).toEqual([])
  })

  test('models are trained by the command line, never in a page', () => {
    const isTraining = (path: string) => path.startsWith('understanding/training/')
    const wrong = every.filter(item => {
      if (!item.to.startsWith('.')) return false
      const from = place(item.from)
      const to = place(resolve(dirname(item.from), `${item.to}.ts`))
      return isTraining(to.path) && !isTraining(from.path) && from.room !== 'cli'
    })
    expect(wrong.map(item => `${place(item.from).path}:${item.line} ${item.to}`)).toEqual([])
  })

  test('each third-party package has its home', () => {
    const wrong: string[] = []
    for (const item of every) {
      if (item.to.startsWith('.') || item.to.startsWith('node:')) continue
      const name = item.to.startsWith('@')
        ? item.to.split('/').slice(0, 2).join('/')
        : (item.to.split('/')[0] ?? '')
      const home = HOME_OF[name]
      const from = place(item.from)
      if (!home || !allows(home, from.path, from.room))
        wrong.push(`${from.path}:${item.line} imports ${name}`)
    }
    expect(wrong).toEqual([])
  })

  test('Node stays out of the browser rooms', () => {
    const nodeRooms = new Set(['server', 'cli', 'testing', 'door:cli', 'door:server', 'door:testing'])
    const wrong = every.filter(
      item =>
        item.to.startsWith('node:') &&
        !nodeRooms.has(place(item.from).room) &&
        place(item.from).path !== 'knowledge/frontMatter',
    )
    expect(wrong.map(item => `${place(item.from).path}:${item.line} ${item.to}`)).toEqual([])
  })

  test('no two files import each other in a circle of values', () => {
    const edges = new Map<string, string[]>()
    for (const item of every) {
      if (item.isType || !item.to.startsWith('.')) continue
      const to = place(resolve(dirname(item.from), `${item.to}.ts`)).path
      const from = place(item.from).path
      edges.set(from, [...(edges.get(from) ?? []), to])
    }
    const state = new Map<string, 'open' | 'done'>()
    const circles: string[] = []
    const walk = (path: string, trail: string[]): void => {
      if (state.get(path) === 'done') return
      if (state.get(path) === 'open') {
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
        return
      }
      state.set(path, 'open')
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
      state.set(path, 'done')
    }
    for (const path of edges.keys()) walk(path, [])
    expect(circles).toEqual([])
  })

  test('no default exports, no HTML sinks, no globals patched in src', () => {
    const wrong: string[] = []
    for (const file of files(SRC)) {
      const text = readFileSync(file, 'utf8')
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      if (/^export default /m.test(code)) wrong.push(`${place(file).path}: default export`)
      if (/\.(innerHTML|outerHTML|insertAdjacentHTML)\b|dangerouslySetInnerHTML|document\.write/.test(code))
        wrong.push(`${place(file).path}: HTML sink`)
      if (/postMessage\([^)]*'\*'/.test(code)) wrong.push(`${place(file).path}: postMessage to '*'`)
    }
    expect(wrong).toEqual([])
  })

  test('words of a language are data of that language, not patterns in code', () => {
    /** File -> why English stands there. */
    const exceptions: Record<string, string> = {
      'understanding/slots': 'dates, currencies and what numbers are called',
      'bot/flowAdvice': 'advice to who writes flows; never in a page',
    }
    // Common English: what talk is made of, and what pages leave out of a search.
    const common = new Set(
      [
        ...english.answers.everyday.split(' '),
        ...CHAT_WORDS,
        ...english.talk.ordinals,
        'the an of to in on at by for from with is are was were be has have had can will would should not no and or but how why where who which what when'.split(
          ' ',
        ),
      ].flat(),
    )
    const isCommon = (word: string) => word.length > 1 && common.has(word)
    const wordsIn = (pattern: string) => [
      ...new Set(
        (
          pattern.replace(/\\[pP]\{[^}]*\}|\\[a-zA-Z]|\(\?<\w+>|\[[^\]]*\]/g, ' ').match(/[a-z]+/g) ?? []
        ).filter(isCommon),
      ),
    ]
    const wrong: string[] = []
    const rooms = ['bot', 'understanding', 'conversation', 'live'].map(room => join(SRC, room))
    for (const file of rooms.flatMap(files)) {
      const { path } = place(file)
      if (path.startsWith('understanding/languages/') || exceptions[path]) continue
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
      const tell = (node: ts.Node, words: readonly string[]) =>
        wrong.push(
          `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${words.join(', ')}`,
        )
      const visit = (node: ts.Node): void => {
        // One common word may be a name of something (`to`, `at`); two are a language.
        if (ts.isRegularExpressionLiteral(node) && wordsIn(node.text).length > 1)
          tell(node, wordsIn(node.text))
        // `a|b|c` for a pattern, and 'a b c'.split(' ').
        if (ts.isStringLiteralLike(node)) {
          const words = node.text.split(/[| ]/)
          const isList = node.text.includes('|') || ts.isPropertyAccessExpression(node.parent)
          if (isList && words.filter(isCommon).length > 2) tell(node, words.filter(isCommon))
        }
        if (ts.isArrayLiteralExpression(node)) {
          const words = node.elements.filter(ts.isStringLiteralLike).map(({ text }) => text)
          if (words.filter(isCommon).length > 3) tell(node, words)
        }
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
    expect(wrong).toEqual([])
  })
})
