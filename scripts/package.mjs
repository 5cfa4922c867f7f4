// `npm run package`: is what would be published what a stranger can use? Packs it, lints it, installs it in
// empty projects, imports every door in plain Node, type-checks a consumer, and paints it beside hosts on
// Preact 10 with signals 1 and on React.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs'

const root = resolve(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'asklet-package-'))
const figures = []
let failures = 0

function run(command, args, cwd = root) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}`.trim(), stdout }
}
function check(name, isRight, detail = '') {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name}`)
  if (!isRight) {
    failures++
    console.log(detail.replace(/^/gm, '     '))
  }
}
function project(name, packages) {
  const folder = join(work, name)
  run('mkdir', ['-p', folder], work)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  const installed = run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages],
    folder,
  )
  if (installed.status !== 0) check(`install ${packages.join(' ')}`, false, installed.text)
  return folder
}

// ---- pack and lint
const packed = run('npm', ['pack', '--json', '--pack-destination', work, '--loglevel=error'])
const [{ filename, size, entryCount }] = JSON.parse(packed.stdout)
const tarball = join(work, filename)
console.log(`${filename}: ${entryCount} files, ${Math.round(size / 1000)} kB`)
const publint = run(process.execPath, ['node_modules/publint/src/cli.js', 'run', tarball, '--strict'])
check('publint', publint.status === 0, publint.text)
const attw = run(process.execPath, [
  'node_modules/@arethetypeswrong/cli/dist/index.js',
  tarball,
  '--profile',
  'esm-only',
  '--exclude-entrypoints',
  './asklet.js',
  '--no-color',
])
check('are the types right', attw.status === 0, attw.text)

// ---- an empty project gets browser libraries only
const empty = project('empty', [tarball])
const tree = JSON.parse(run('npm', ['ls', '--all', '--json', '--loglevel=error'], empty).stdout)
const names = new Set()
const walk = node => {
  for (const [name, child] of Object.entries(node.dependencies ?? {})) {
    if (child.version) names.add(name)
    walk(child)
  }
}
walk(tree)
// What socket.io-client brings along for its own Node build counts as its own.
const BROWSER =
  /^(asklet|dompurify|marked|valibot|socket\.io-client|socket\.io-parser|engine\.io-client|engine\.io-parser|@socket\.io\/component-emitter|debug|ms|ws|xmlhttprequest-ssl|@types\/trusted-types)$/
const strangers = [...names].filter(name => !BROWSER.test(name))
check('an install brings browser libraries only', strangers.length === 0, `also: ${strangers.join(', ')}`)
figures.push(
  `installed-packages: ${readdirSync(join(empty, 'node_modules')).filter(name => !name.startsWith('.')).length}`,
)

// ---- plain Node
for (const door of ['asklet', 'asklet/element', 'asklet/desk']) {
  const imported = run(
    process.execPath,
    ['-e', `import(${JSON.stringify(door)}).then(m => console.log(Object.keys(m).join(' ')))`],
    empty,
  )
  check(
    `import '${door}' in plain Node`,
    imported.status === 0 && imported.stdout.trim() !== '',
    imported.text,
  )
}
const headless = run(
  process.execPath,
  [
    '--input-type=module',
    '-e',
    `import { createAssistant } from 'asklet'; const a = createAssistant({ config: {} }); a.open(); a.destroy(); console.log('fine')`,
  ],
  empty,
)
check(
  'createAssistant in plain Node draws nothing and throws nothing',
  headless.stdout.includes('fine'),
  headless.text,
)
const serve = run(join(empty, 'node_modules/.bin/asklet'), ['serve'], empty)
check(
  'asklet serve without its packages prints the install line',
  /npm install .*socket\.io/.test(serve.text),
  serve.text,
)
const help = run(join(empty, 'node_modules/.bin/asklet'), ['--help'], empty)
check('asklet --help', help.status === 0 && /build/.test(help.text), help.text)
writeFileSync(join(empty, 'page.html'), '<title>T</title><main><h1>Boats</h1><p>Ten <b>boats</b>.</p></main>')
writeFileSync(join(empty, 'faq.csv'), 'question,answer\nWhere?,Here.\n')
const imported = run(
  join(empty, 'node_modules/.bin/asklet'),
  ['import', 'page.html', 'faq.csv', '--out', 'help'],
  empty,
)
check(
  'asklet import reads HTML and CSV without further packages',
  imported.status === 0 && /^articles: 2$/m.test(imported.text),
  imported.text,
)

// ---- types, as a strict consumer sees them
writeFileSync(
  join(empty, 'consumer.ts'),
  `import { createAssistant, AskletError, type Suggestion, type SearchProvider } from 'asklet'
import 'asklet/element'
import { mountDesk } from 'asklet/desk'
const assistant = createAssistant({ config: '/asklet.json', visitor: { role: 'client' } })
const undo: () => void = assistant.on('articleOpened', detail => { const id: string = detail.articleId; void id })
const found: Promise<readonly Suggestion[]> = assistant.suggest('card')
// @ts-expect-error an unknown event
assistant.on('opend', () => {})
// @ts-expect-error a wrong theme
createAssistant({ theme: 'blue' })
// @ts-expect-error a search without passages()
const search: SearchProvider = { suggest: async () => [], article: async () => { throw new AskletError('article_missing', '') } }
// @ts-expect-error facts are read, not written
assistant.isOpen.value = true
export { undo, found, search, mountDesk }
`,
)
writeFileSync(
  join(empty, 'tsconfig.json'),
  JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
    },
    files: ['consumer.ts'],
  }),
)
const types = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', empty])
check('a strict consumer compiles, skipLibCheck off', types.status === 0, types.text)

// ---- beside other frameworks
const HOSTS = {
  'Preact 10 with signals 1': {
    packages: ['preact@10.29.0', '@preact/signals@1.3.2'],
    code: `import { h, render } from 'preact'
import { signal } from '@preact/signals'
const count = signal(0)
render(h(function Host() { return h('button', { id: 'host', onClick: () => count.value++ }, 'count ', count.value) }), document.getElementById('app'))`,
  },
  React: {
    packages: ['react@19.2.0', 'react-dom@19.2.0'],
    code: `import { createElement as h, StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
function Host() { const [count, setCount] = useState(0); return h('button', { id: 'host', onClick: () => setCount(count + 1) }, 'count ', count) }
createRoot(document.getElementById('app')).render(h(StrictMode, null, h(Host)))`,
  },
}
const found = await findChromium()
const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGS })
for (const [name, host] of Object.entries(HOSTS)) {
  const folder = project(name.replace(/\W+/g, '-').toLowerCase(), [tarball, ...host.packages])
  writeFileSync(
    join(folder, 'host.js'),
    `${host.code}
import { createAssistant } from 'asklet'
window.assistant = createAssistant({ config: { name: 'Guest help', knowledge: '/help/manifest.json' }, visitor: { role: 'freelancer' } })`,
  )
  await build({
    entryPoints: [join(folder, 'host.js')],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: join(folder, 'out'),
    logLevel: 'error',
  })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const file = pathname.startsWith('/help/')
      ? join(root, 'dist/demo', pathname)
      : join(folder, 'out', pathname)
    try {
      if (pathname === '/withdrawals') throw null
      response.setHeader('content-type', pathname.endsWith('.js') ? 'text/javascript' : 'application/json')
      response.end(readFileSync(file))
    } catch {
      response.setHeader('content-type', 'text/html')
      response.end(
        '<!doctype html><html lang="en"><title>Withdrawals</title><h1>Withdrawals</h1><div id="app"></div><script type="module" src="/host.js"></script></html>',
      )
    }
  }).listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const page = await browser.newPage()
  const problems = []
  page.on('pageerror', error => problems.push(String(error)))
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/withdrawals`)
    await page.getByRole('button', { name: 'Help' }).click()
    await page.getByRole('combobox').waitFor()
    await page.getByRole('option').first().waitFor()
    await page.locator('#host').click()
    await page.getByRole('combobox').fill('verify identity')
    await page
      .getByRole('option', { name: /identity/i })
      .first()
      .waitFor()
    const count = await page.locator('#host').textContent()
    check(
      `beside ${name}: both paint an update`,
      count === 'count 1' && problems.length === 0,
      `${count}\n${problems.join('\n')}`,
    )
    await page.evaluate(() => window.assistant.destroy())
    check(
      `beside ${name}: destroy leaves nothing`,
      (await page.locator('asklet-root, [data-asklet]').count()) === 0,
    )
  } catch (error) {
    check(`beside ${name}`, false, `${error}\n${problems.join('\n')}`)
  }
  await page.close()
  server.closeAllConnections()
  server.close()
}
await browser.close()
rmSync(work, { recursive: true, force: true })
console.log(figures.join('\n'))
process.exit(failures ? 1 : 0)
