// A build that reuses what the last one knew: the same bytes and the same findings as a build from nothing, whatever
// was edited, renamed or deleted in between.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildKnowledge, type KnowledgeOptions } from '../../../src/cli/buildKnowledge'
import { openCacheFile } from '../../../src/cli/cacheFile'
import { main } from '../../../src/cli/main'
import { createSpoken } from './spoken'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-incremental-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const at = (...names: string[]) => join(work, ...names)
function write(name: string, text: string | Uint8Array): void {
  mkdirSync(dirname(at('in', name)), { recursive: true })
  writeFileSync(at('in', name), text)
}

const OPTIONS: KnowledgeOptions = { locale: 'en', base: '/help/', hasPrivateFolder: true }

/** All that a build says and makes, in its order; or the sentence with which it refused. */
function made(options: KnowledgeOptions) {
  try {
    const { files, privateFiles, findings, help } = buildKnowledge(at('in'), options)
    const bytes = (all: typeof files) =>
      [...all].map(([name, content]) => [name, Buffer.from(content).toString()])
    return { files: bytes(files), private: bytes(privateFiles), findings, counts: [help.found] }
  } catch (error) {
    return String(error)
  }
}

function withCache(options = OPTIONS) {
  const file = openCacheFile(at('cache'), at('in'), options)
  const result = made({ ...options, cache: file.cache })
  expect(file.save()).toBeNull()
  return result
}

const NAMES = ['a.md', 'b.md', 'B.mdx', 'sub/a.md', 'sub/c.mdx', 'sub/index.md']
const TEXTS = [
  'Plain words.',
  '---\ntitle: Twin\nid: 12345\n---\n## One {#one}\n\nText [b](b.md#two) and ![x](x.png)',
  '---\ntitle: Twin\n---\n## Two\n\n## Two\n\n[a](a.md) [up](../a.md#one) [c](sub/c.mdx) <form>',
  '---\naccess: private\nroles: [staff]\n---\n## One\n\n[a](/a.md) ![x](/x.png) [s](sub)',
  '---\nlocale: de\nsumary: x\nfoo: 1\n---\n[n](https://h.example/articles/12345-x) [m](https://h.example/articles/99999)',
  '---\ndraft: true\n---\n<Tabs><Tab title="Two">{x} ![](x.png)</Tab></Tabs>\n\n## One',
  '---\nkind: nonsense\n---\nLeft out',
]
const step = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    name: fc.constantFrom(...NAMES),
    text: fc.constantFrom(...TEXTS),
  }),
  fc.record({
    do: fc.constant('rename' as const),
    name: fc.constantFrom(...NAMES),
    to: fc.constantFrom(...NAMES),
  }),
  fc.record({ do: fc.constant('delete' as const), name: fc.constantFrom(...NAMES, 'x.png', 'sub/x.png') }),
  fc.record({
    do: fc.constant('image' as const),
    name: fc.constantFrom('x.png', 'sub/x.png'),
    text: fc.string({ maxLength: 2 }),
  }),
  fc.record({
    do: fc.constant('questions' as const),
    name: fc.constantFrom('a.questions.txt', 'sub/a.questions.txt'),
    text: fc.constantFrom('', 'what now\n', '## One\nwhat now\n## Two\nand then'),
  }),
  fc.record({ do: fc.constant('synonyms' as const), text: fc.constantFrom('a, b', 'a =>\n[de]\nc, d', '') }),
)

describe('what was built before', () => {
  test('changes no byte: any edits, renames and deletions, built anew and with a cache', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        rounds => {
          for (const folder of ['in', 'cache']) rmSync(at(folder), { recursive: true, force: true })
          for (const name of NAMES.slice(0, 4)) write(name, TEXTS[NAMES.indexOf(name)] ?? '')
          withCache()
          for (const steps of rounds) {
            for (const one of steps) {
              if (one.do === 'write' || one.do === 'image' || one.do === 'questions')
                write(one.name, one.text)
              else if (one.do === 'delete') rmSync(at('in', one.name), { force: true })
              else if (one.do === 'synonyms') write('synonyms.txt', one.text)
              else {
                try {
                  const text = readFileSync(at('in', one.name))
                  rmSync(at('in', one.name))
                  write(one.to, text)
                } catch {
                  // Nothing there to rename.
                }
              }
            }
            expect(withCache()).toEqual(made(OPTIONS))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is read again only where something changed, and where somebody else’s change is seen', () => {
    write('a.md', '---\ntitle: A\n---\n## One\n\nSee [b](b.md).')
    write('b.md', '---\ntitle: B\n---\nText')
    write('c.md', '---\ntitle: C\n---\nText ![x](x.png)')
    const counts = () => {
      const file = openCacheFile(at('cache'), at('in'), OPTIONS)
      const { reused, rebuilt } = buildKnowledge(at('in'), { ...OPTIONS, cache: file.cache }).help
      file.save()
      return { reused, rebuilt }
    }
    expect(counts()).toEqual({ reused: 0, rebuilt: 3 })
    expect(counts()).toEqual({ reused: 3, rebuilt: 0 })
    write('b.md', '---\ntitle: B\n---\nOther text')
    expect(counts()).toEqual({ reused: 2, rebuilt: 1 })
    // The link of a shows its title.
    write('b.md', '---\ntitle: B, new\n---\nOther text')
    expect(counts()).toEqual({ reused: 1, rebuilt: 2 })
    write('x.png', 'now it is there')
    expect(counts()).toEqual({ reused: 2, rebuilt: 1 })
  })

  test('questions beside an article change its file and the index, though the article is as it was', () => {
    write('a.md', '---\ntitle: A\n---\nText\n\n## One\n\nMore text')
    write('b.md', '---\ntitle: B\n---\nText')
    const names = () => {
      const file = openCacheFile(at('cache'), at('in'), OPTIONS)
      const { files, help } = buildKnowledge(at('in'), { ...OPTIONS, cache: file.cache })
      file.save()
      return { of: [...files.keys()], reused: help.reused, index: [...files.values()].join('') }
    }
    const without = names()
    write('a.questions.txt', '## One\nwhat is a splurge\n')
    const one = names()
    expect(one.reused).toBe(2)
    expect(one.index).toContain('what is a splurge')
    const changed = one.of.filter(name => !without.of.includes(name))
    expect(changed.map(name => name.replace(/[a-f\d]{10}/, '…'))).toEqual([
      'articles/….json',
      expect.stringMatching(/^index-en-/),
    ])
    write('a.questions.txt', '## One\nwhat is a spree\n')
    expect(names().index).not.toContain('splurge')
    rmSync(at('in', 'a.questions.txt'))
    expect(names().of).toEqual(without.of)
  })

  test('is forgotten when it was damaged, is of other options, or is not ours', () => {
    write('a.md', 'Words')
    const right = made(OPTIONS)
    withCache()
    const [name = ''] = readdirSync(at('cache')).filter(file => file.endsWith('.json'))
    const good = readFileSync(at('cache', name), 'utf8')
    const reusedWith = (text: string, options = OPTIONS) => {
      writeFileSync(at('cache', name), text)
      const { cache } = openCacheFile(at('cache'), at('in'), options)
      expect(made({ ...options, cache })).toEqual(made(options))
      return buildKnowledge(at('in'), {
        ...options,
        cache: openCacheFile(at('cache'), at('in'), options).cache,
      }).help.reused
    }
    expect(made(OPTIONS)).toEqual(right)
    expect(reusedWith(good)).toBe(1)
    expect(reusedWith(good.replace('Words', 'Wards'))).toBe(0)
    expect(reusedWith(good.slice(0, -20))).toBe(0)
    expect(reusedWith('')).toBe(0)
    expect(reusedWith('{"files": 7}')).toBe(0)
    expect(reusedWith(good, { ...OPTIONS, locale: 'de' })).toBe(0)
  })

  test('a cache that cannot be written is said, and the build is whole', async () => {
    write('a.md', 'Words')
    writeFileSync(at('cache'), 'a file in its place')
    const out = createSpoken()
    expect(await main(['build', at('in'), '--out', at('out'), '--cache', at('cache')], out)).toBe(0)
    expect(out.errors).toHaveLength(1)
    expect(out.errors[0]).toMatch(/^the cache could not be written to .*\. The build is whole without it\.$/)
    expect(readdirSync(at('out'))).toContain('manifest.json')
  })

  test('a cache may not lie where anybody can fetch it', async () => {
    const out = createSpoken()
    expect(await main(['build', at('in'), '--out', at('out'), '--cache', at('out', 'cache')], out)).toBe(2)
    expect(out.errors[0]).toContain(
      '--cache must lie outside --out, which anybody can fetch, got a folder inside',
    )
  })

  test('the report says how much was reused, and measures no compression then', async () => {
    write('a.md', 'Words')
    const lines = async () => {
      const out = createSpoken()
      await main(['build', at('in'), '--out', at('out'), '--cache', at('cache')], out)
      return out.lines
        .filter(line => /^(?:rebuilt|reused|index-br):/.test(line))
        .map(line => line.replace(/br: \d+/, 'br: #'))
    }
    expect(await lines()).toEqual(['index-br: #', 'rebuilt: 1', 'reused: 0'])
    expect(await lines()).toEqual(['index-br: not-measured', 'rebuilt: 0', 'reused: 1'])
  })
})

test('the machine’s time zone and language change no byte', () => {
  for (const name of NAMES) write(name, TEXTS[NAMES.indexOf(name)] ?? '')
  const before = made(OPTIONS)
  const { TZ, LC_ALL } = process.env
  try {
    process.env.TZ = 'Pacific/Kiritimati'
    process.env.LC_ALL = 'tr_TR.UTF-8'
    expect(made(OPTIONS)).toEqual(before)
  } finally {
    for (const [name, value] of Object.entries({ TZ, LC_ALL }))
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
})
