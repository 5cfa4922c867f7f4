// Adding to a file of questions: under the right heading, and not a byte of what stood there is another one.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { readQuestionFile, withQuestions, writeQuestionFile } from '../../../src/cli/questionFile'
import { readSectionQuestions } from '../../../src/knowledge/sectionQuestions'

const sections = [
  { headingId: '', headingText: '' },
  { headingId: 'add', headingText: 'Add it' },
  { headingId: 'limits', headingText: 'Limits' },
  { headingId: 'limits-1', headingText: 'Limits' },
  { headingId: 'end', headingText: 'The end' },
]
const add = (text: string, id: string, ...questions: string[]) => withQuestions(text, sections, id, questions)

test.each([
  ['a new file', '', '', 'q\n'],
  ['a new file, of a section', '', 'add', '## Add it\nq\n'],
  [
    'last under its heading',
    'a\n\n## Add it\nb\n\n## The end\nc\n',
    'add',
    'a\n\n## Add it\nb\nq\n\n## The end\nc\n',
  ],
  ['before the first heading', '## Add it\nb\n', '', 'q\n\n## Add it\nb\n'],
  [
    'behind what stands before it',
    'a\n## Add it\nb\n## The end\nc',
    'limits',
    'a\n## Add it\nb\n\n## Limits\nq\n\n## The end\nc',
  ],
  ['at the end', 'a\n## Add it\nb', 'end', 'a\n## Add it\nb\n\n## The end\nq\n'],
  ['a heading called like another one, by its id', 'a\n', 'limits-1', 'a\n\n## limits-1\nq\n'],
  ['the line ends of the file', 'a\r\n## add\r\nb\r\n\r\n', 'add', 'a\r\n## add\r\nb\r\nq\r\n\r\n'],
  ['a byte order mark', '\ufeff## Add it\nb\n', '', '\ufeffq\n\n## Add it\nb\n'],
  [
    'under the last of two',
    '## Add it\na\n## Limits\nb\n## add\nc\n',
    'add',
    '## Add it\na\n## Limits\nb\n## add\nc\nq\n',
  ],
  ['a heading that is not there keeps its own', '## Gone\nx\n', 'add', '## Add it\nq\n\n## Gone\nx\n'],
])('%s', (_, before, id, after) => {
  expect(add(before, id, 'q')).toBe(after)
})

test('a section that no line can name is said, not guessed', () => {
  const twins = [
    { headingId: 'b', headingText: 'a' },
    { headingId: 'a', headingText: 'a' },
  ]
  expect(withQuestions('', twins, 'a', ['q'])).toBeNull()
})

test('whatever stood there: all of it stays in its order, and the new ones are of their section', () => {
  const line = fc.constantFrom(
    '',
    ' ',
    'one',
    'two ',
    '## Add it',
    '# limits',
    '##',
    '## Gone',
    '## limits-1',
    '\ufeff',
  )
  const end = fc.constantFrom('\n', '\r\n', '\r')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, end), { maxLength: 12 }),
      line,
      fc.constantFrom(...sections.map(({ headingId }) => headingId)),
      (lines, last, id) => {
        const before = lines.map(([text, ending]) => text + ending).join('') + last
        const after = add(before, id, 'new one', 'new two') ?? ''
        // One piece is put in, and all around it is as it was.
        const isWhole = (at: number) =>
          after.startsWith(before.slice(0, at)) && after.endsWith(before.slice(at))
        expect([...before, ''].some((_, at) => isWhole(at))).toBe(true)
        const asks = (text: string) => readSectionQuestions(text, '', sections).asks
        expect(asks(after)).toEqual({
          ...asks(before),
          [id]: [...(asks(before)[id] ?? []), 'new one', 'new two'],
        })
      },
    ),
    { numRuns: 2_000 },
  )
})

test('a file that is not UTF-8 is not read, for it would be written as another one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-question-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'a.questions.txt')
  expect(readQuestionFile(path)).toBe('')
  writeFileSync(path, Buffer.from([0x71, 0xfc, 0x0a]))
  expect(readQuestionFile(path)).toBeNull()
  writeFileSync(path, '\ufeffq\r\n')
  expect(readQuestionFile(path)).toBe('\ufeffq\r\n')
})

test('a link stays a link, and permissions stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-question-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [real, link] = [join(folder, 'real.txt'), join(folder, 'a.questions.txt')]
  writeFileSync(real, 'a\n')
  chmodSync(real, 0o640)
  symlinkSync(real, link)
  writeQuestionFile(link, 'a\nb\n')
  expect(readFileSync(real, 'utf8')).toBe('a\nb\n')
  expect(statSync(real).mode & 0o777).toBe(0o640)
})
