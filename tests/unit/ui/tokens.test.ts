import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const faces = ['src/ui', 'src/desk', 'src/launcher'].flatMap(folder =>
  readdirSync(new URL(folder, root))
    .filter(name => /\.(?:css|tsx?)$/.test(name))
    .map(name => ({ name: `${folder}/${name}`, text: read(`${folder}/${name}`) })),
)
const all = (pattern: RegExp) =>
  new Set(faces.flatMap(({ text }) => [...text.matchAll(pattern)].map(match => match[1] ?? '')))
const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

const [, section = ''] = /^## Make it yours\n([\s\S]*?)^## /m.exec(read('README.md')) ?? []
/** What stands as code in the first column of the table whose head is `head`. */
function named(head: string): string[] {
  const lines = section.slice(section.indexOf(`| ${head} |`)).split('\n')
  const rows = lines.slice(
    2,
    lines.findIndex((line, i) => i > 1 && !line.startsWith('|')),
  )
  return sorted(
    rows.flatMap(row => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(m => m[1] ?? '')),
  )
}

test('the table of tokens names those that the styles read, and no others', () => {
  expect(named('token')).toEqual(sorted(all(/var\((--asklet-[\w-]+)/g)))
})

test('what a style reads without a value of its own stands in the one list', () => {
  const list = new Set([...read('src/ui/tokens.css').matchAll(/(--asklet-[\w-]+):/g)].map(match => match[1]))
  for (const { name, text } of faces.filter(each => !/launcher\//.test(each.name)))
    for (const [, token = ''] of text.matchAll(/var\((--asklet-[\w-]+)\)/g))
      expect(list, `${token} in ${name}`).toContain(token)
})

test('the desk and the panel have no names of their own for what the list says', () => {
  const names = [...read('src/ui/tokens.css').matchAll(/--asklet-([\w-]+):/g)].map(match => match[1])
  const own = [...all(/var\(--([\w-]+)/g)]
  // The bubble of an offer comes before all that, with the list not there.
  expect(own.filter(name => name !== 'surface' && names.includes(name))).toEqual([])
})

test('the table of parts names those of the markup, and no others', () => {
  const markup = faces.flatMap(({ text }) => [
    ...[...text.matchAll(/ part="([\w ]+)"/g)].map(match => match[1] ?? ''),
    ...[...text.matchAll(/ part: '([\w ]+)'/g)].map(match => match[1] ?? ''),
    ...[...text.matchAll(/setAttribute\('part', '([\w ]+)'\)/g)].map(match => match[1] ?? ''),
    ...[...text.matchAll(/ part=\{[^}]*\}/g)].flatMap(([each]) =>
      [...each.matchAll(/'([\w ]+)'/g)].map(m => m[1] ?? ''),
    ),
  ])
  expect(named('`::part()`')).toEqual(sorted(markup.flatMap(each => each.split(' '))))
})
