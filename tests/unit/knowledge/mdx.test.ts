import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { fromMdx } from '../../../src/knowledge/mdx'
import { plainText } from '../../../src/knowledge/plainText'
import { workMs } from '../../support/workMs'

/** Markdown without its empty lines, which count for nothing here. */
const markdown = (source: string) =>
  fromMdx(source)
    .markdown.replace(/\n(?:[ >]*\n)+/g, '\n')
    .trim()
const notes = (source: string) => fromMdx(source).notes.map(({ line, sentence }) => `${line}: ${sentence}`)
const tree = (source: string) => fromMarkdown(fromMdx(source).markdown)

describe('what Markdown has', () => {
  test('a callout is the note that > [!NOTE] makes, whatever stands in it', () => {
    expect(tree('<Note>\n  Be *careful*.\n\n  - one\n</Note>\nNext.')).toEqual(
      fromMarkdown('> [!NOTE]\n> Be *careful*.\n>\n> - one\n\nNext.'),
    )
    expect(tree('<Warning>Hot</Warning>')).toEqual(fromMarkdown('> [!WARNING]\n> Hot'))
    expect(tree('<Callout type="warn" title="Mind">Hot</Callout>')).toEqual(
      fromMarkdown('> [!WARNING]\n> **Mind**\n>\n> Hot'),
    )
    expect(notes('<Note>a</Note>\n\n<Callout>b</Callout>')).toEqual([])
  })

  test('steps, tabs and accordions are headings one below the last, and told once', () => {
    const source = [
      '## Install', '<Steps>', '  <Step title="Open [it]">', '    Go there.', '', '    ```js', '    <Note>{x}', '    ```', '  </Step>', '  <Step title="Close">Do it.</Step>',
      '</Steps>', '<Tabs><Tab title="Mac">Cmd</Tab><Tab title="Windows">Ctrl</Tab></Tabs>', '<Accordion title="Why?">', '<Accordion title="Because">Yes</Accordion>', '</Accordion>',
    ].join('\n') // biome-ignore format: lines
    expect(markdown(source)).toBe(
      '## Install\n### Open \\[it\\]\nGo there.\n```js\n<Note>{x}\n```\n### Close\nDo it.\n### Mac\nCmd\n### Windows\nCtrl\n### Why?\n#### Because\nYes',
    )
    expect(notes(source)).toEqual([
      '3: <Step> is shown as a heading and its text (2 times)',
      '12: <Tab> is shown as a heading and its text (2 times)',
      '13: <Accordion> is shown as a heading and its text (2 times)',
    ])
  })

  test('a card is a link with its text, also without a title of its own', () => {
    expect(markdown('<Card title="More" href="./a b.mdx#x" icon="y">\n  Read on\n</Card>')).toBe(
      '[**More**](<./a%20b.mdx#x>)\nRead on',
    )
    expect(tree('<Card href="https://x.example">Read</Card>')).toEqual(
      fromMarkdown('[](<https://x.example>)\n\nRead'),
    )
  })

  test('an image may be an imported file', () => {
    expect(markdown('import shot from \'./shot.png\'\n\n<Image src={shot} alt="The [form]" />')).toBe(
      '![The \\[form\\]](<./shot.png>)',
    )
    expect(markdown("<img src={require('./shot.png').default} alt='x' style={{ a: 1 }} />")).toBe(
      '<img src="./shot.png" alt="x" />',
    )
  })

  test('inside a list, a component stays in its item', () => {
    expect(tree('1. First\n\n   <Tip>Hot</Tip>\n\n2. Second')).toEqual(
      fromMarkdown('1. First\n\n   > [!TIP]\n   > Hot\n\n2. Second'),
    )
  })

  test('the Markdown in <div> and <details> is read, other elements stay as they are', () => {
    expect(tree('<div className="x">\n**bold**\n</div>\n\nPress <kbd>A</kbd><br/>')).toEqual(
      fromMarkdown('**bold**\n\nPress <kbd>A</kbd><br/>'),
    )
    expect(notes('<div className="x" onClick={() => 1}>\n**bold**\n</div>')).toEqual([])
  })
})

describe('what is not run', () => {
  test('imports and exports, over several lines; a sentence that begins with "import" is one', () => {
    const source =
      "import A from 'a'\nimport { B } from 'b'\n\nexport const meta = {\n  a: '}',\n\n  b: 2,\n}\n\n# Title\n\nimport taxes are due.\nexport const is a word."
    expect(markdown(source)).toBe('# Title\nimport taxes are due.\nexport const is a word.')
    expect(notes(source)).toEqual([
      "1: import A from 'a' is code, which is not run: it was left out",
      "2: import { B } from 'b' is code, which is not run: it was left out",
      "4: export const meta = { a: '}', b: 2, } is code, which is not run: it was left out",
    ])
  })

  test('expressions, but texts are texts and remarks are remarks', () => {
    const source =
      "Up to {limits.max} files,{' '}{`now`} {/* for us */}or {3}.\n\n## Title {#own}\n\n\\{kept} and `{code}`"
    expect(markdown(source)).toBe('Up to  files, now or 3.\n## Title {#own}\n\\{kept} and `{code}`')
    expect(notes(source)).toEqual([
      '1: the expression {limits.max} is code, which is not run: it was left out',
    ])
  })

  test('other components keep what stands in them', () => {
    const source =
      'The <Tooltip tip={x}>API</Tooltip> of <Icon name="x" />ours.\n\n<Price.Table title="Plans">\n  | a |\n  |---|\n  | **1** |\n</Price.Table>'
    expect(markdown(source)).toBe('The API of ours.\n| a |\n|---|\n| **1** |')
    expect(notes(source)).toEqual([
      '1: the attribute tip of <Tooltip> is code, which is not run: it was left out',
      '1: <Tooltip> is a component, which is not run: only what stands in it is shown',
      '1: <Icon> is a component, which is not run: it was left out',
      '3: <Price.Table> is a component, which is not run: only what stands in it is shown, without its title "Plans"',
    ])
  })

  test('what is not closed takes nothing along', () => {
    const source =
      'Use <PORT> here.\n\n<Note>\n\nAll of this stays.\n\n</Tip>\n\nAnd a < b, <https://x.example>, {open'
    expect(plainText(tree(source))).toBe(
      'Use <PORT> here.\nAll of this stays.\nAnd a < b, https://x.example, {open',
    )
    expect(notes(source)).toEqual([
      '1: <PORT> is not closed: it is shown as it is written',
      '3: <Note> is not closed: it was left out, and its text stays',
      '7: </Tip> closes nothing: it was left out',
    ])
  })
})

test('components in components without end are read in time, and their words stay', () => {
  for (const tag of ['<Note>', '\n<Tab title="t">\n', '<X>', '<div>']) {
    const { markdown } = fromMdx(`${tag.repeat(5_000)}word${'</Note>'.repeat(5_000)}`)
    expect(markdown).toContain('word')
  }
})

test('open braces, remarks, quotes and tags without end are read in time in proportion to them', () => {
  const times = Object.entries({
    'open remarks': '{/*'.repeat(20_000),
    'open braces': '{'.repeat(20_000),
    'open attributes': '<A x={'.repeat(10_000),
    'quotes that are none': '{\\"'.repeat(15_000),
    'remarks before code': `{${'/**/'.repeat(40)}x}`,
  }).map(([name, text]) => {
    const { ms } = workMs(() => fromMdx(text))
    return [name, ms < 200 ? 'in time' : `${ms} ms`]
  })
  expect(times.filter(([, time]) => time !== 'in time')).toEqual([])
})

test('braces close where their code does, also behind ones that never do', () => {
  const source = 'a {x({ y: "}" })} b {/* } */} c {`}`} d {/* e\n\nf { g {h} i'
  expect(fromMdx(source).markdown).toBe('a  b  c } d {/* e\n\nf { g  i')
  // Too long for code, though what stands in it is not.
  const long = `{${'word '.repeat(900)}{"inner"}}`
  expect(fromMdx(long).markdown).toBe(long.replace('{"inner"}', 'inner'))
})

test('each line knows where it comes from', () => {
  const { markdown, lines } = fromMdx(
    'a\n\n<Card\n  title="T"\n  href="/t"\n>\n  text\n\n  more\n</Card>\n\nlast [x](y)',
  )
  const lineOf = (text: string) => lines[markdown.split('\n').findIndex(line => line.includes(text))]
  expect(['a', '**T**', 'text', 'more', 'last'].map(lineOf)).toEqual([1, 3, 7, 9, 12])
})

test('plain Markdown passes as it is', () => {
  const source =
    '# A\n\n- b\n  - c\n\n```mdx\n<Note>{x}</Note>\nimport a from "b"\n```\n\n~~~\n{y}\n~~~\n\n> q <!-- <Note> {z} -->\n\n| a | b |\n|---|---|\n| 1 | 2 |\n'
  expect(fromMdx(source)).toEqual({
    markdown: source,
    lines: source.split('\n').map((_, i) => i + 1),
    notes: [],
  })
})

test('no text stops it, no word outside of tags and braces is lost, and every line has its place', () => {
  const piece = fc.constantFrom(
    '<Note>', '</Note>', '<Tab title="t">', '</Tab>', '<X />', '<X', '>', '/>', '{', '}', '{x}', "'", '"', '`', '```', '\n', '\n\n', '  ', '- ', '> ', '## ', 'word', 'import ', 'export ', '<div>', '</div>', '<', '\\', '//', '/*',
  ) // biome-ignore format: a list
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
      const source = pieces.join('')
      const { markdown, lines } = fromMdx(source)
      expect(lines).toHaveLength(markdown.split('\n').length)
      const last = source.split('\n').length
      for (const line of lines) expect(line >= 1 && line <= last + 1).toBe(true)
    }),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '<Note>',
          '</Note>',
          '<Tab title="t">',
          '</Tab>',
          '<Y>',
          '</Y>',
          '<div>',
          '</div>',
          '\n',
          '\n\n',
          '  ',
          'word',
        ),
        { maxLength: 30 },
      ),
      pieces => {
        const count = (text: string) => text.split('word').length
        expect(count(fromMdx(pieces.join('')).markdown)).toBe(count(pieces.join('')))
      },
    ),
    { numRuns: 1_000 },
  )
})
