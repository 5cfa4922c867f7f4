import { expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { createTerminal } from '../../../src/cli/output'
import { createSpoken } from './spoken'

test('--help lists the commands and is no failure', async () => {
  const out = createSpoken()
  expect(await main(['--help'], out)).toBe(0)
  expect(out.lines.join('\n')).toMatch(/build .*\n.*import .*\n.*check /)
  expect(out.errors).toEqual([])
})

test('no command is a wrong call: the help goes to standard error', async () => {
  const out = createSpoken()
  expect(await main([], out)).toBe(2)
  expect(out.lines).toEqual([])
  expect(out.errors[0]).toBe('asklet <command> …')
})

test('an unknown command says what was got and what was near', async () => {
  const out = createSpoken()
  expect(await main(['biuld'], out)).toBe(2)
  expect(await main(['built', 'x'], out)).toBe(2)
  expect(await main(['__proto__'], out)).toBe(2)
  expect(out.errors).toEqual([
    'Asklet [cli_usage]: the first word must be a command, got "biuld". "asklet --help" lists all commands.',
    'Asklet [cli_usage]: the first word must be a command, got "built". Did you mean "asklet build"? "asklet --help" lists all commands.',
    'Asklet [cli_usage]: the first word must be a command, got "__proto__". "asklet --help" lists all commands.',
  ])
})

test.each([
  [['build'], 'there must be one articles folder, got none'],
  [['build', 'a', 'b', '--out', 'c'], 'there must be one articles folder, got 2'],
  [['build', 'a'], '--out must say where the files go, got nothing'],
  [['build', 'a', '--out', 'a'], '--out must be another folder than the articles, got the same'],
  [['build', 'a', '--out', 'b', '--fast'], "options must be known ones, got: Unknown option '--fast'"],
  [['build', 'a', '--out', 'b', '--base', 'help'], '--base must be a path that begins with /, got "help"'],
  [
    ['build', 'a', '--out', 'b', '--private-out', 'b/private'],
    '--private-out must lie outside --out, which anybody can fetch, got a folder inside',
  ],
  [['import'], 'there must be a file to import, got none'],
  [['import', 'x.jsonl'], '--out must say where the articles go, got nothing'],
  [['evaluate'], 'there must be a file of queries, got none'],
  [['evaluate', 'q.jsonl'], '--help-dir must name what "asklet build" wrote, got nothing'],
  [
    ['evaluate', 'q.jsonl', '--help-dir', 'x', '--min', 'no-answer=0.1'],
    '--min must name one of success@1, success@3, success@5, mrr@10, keys-saved, got "no-answer"',
  ],
  [
    ['evaluate', 'q.jsonl', '--help-dir', 'x', '--min', 'mrr'],
    '--min mrr must be a number from 0 to 1, got ""',
  ],
  [
    ['evaluate', 'q.jsonl', '--help-dir', 'x', '--tolerance', '1%'],
    '--tolerance must be a number from 0 to 1, got "1%"',
  ],
  [
    ['evaluate', 'q.jsonl', '--help-dir', 'x', '--misses', 'all'],
    '--misses must be a whole number from 0, got "all"',
  ],
  [['check'], 'there must be a file or folder to check, got none'],
  [['check', 'nowhere.json'], 'the file or folder must be there, got "nowhere.json"'],
])('asklet %j is a wrong call with a sentence and exit code 2', async (args, sentence) => {
  const out = createSpoken()
  expect(await main(args, out)).toBe(2)
  expect(out.errors).toHaveLength(1)
  expect(out.errors[0]).toContain(`Asklet [cli_usage]: ${sentence}. Call it like this: asklet ${args[0]} <`)
})

test('every command has a help of its own', async () => {
  for (const name of ['build', 'import', 'check', 'dev', 'questions', 'evaluate']) {
    const out = createSpoken()
    expect(await main([name, '--help'], out)).toBe(0)
    expect(out.lines[0]).toMatch(new RegExp(`^asklet ${name} <`))
  }
})

test('a failure of a command is exit code 1; a bug keeps its stack', async () => {
  const out = createSpoken()
  const commands = {
    burn: { does: '', load: async () => ({ run: () => Promise.reject(new TypeError('oops')) }) },
  }
  expect(await main(['burn'], out, commands)).toBe(1)
  expect(out.errors[0]).toMatch(/^asklet: TypeError: oops\n\s+at /)
})

test('in a log progress is a line every 10 %, on a terminal a bar that goes away', () => {
  const written: string[] = []
  const log = createTerminal({ write: () => 0 }, { write: text => written.push(text) })
  for (let i = 1; i <= 100; i++) log.progress?.(i, 100, 'reading')
  expect(written).toHaveLength(11)
  expect(written[3]).toBe(' 30 % reading (30 of 100)\n')

  const shown: string[] = []
  const screen = { isTTY: true, write: (text: string) => shown.push(text) }
  const terminal = createTerminal(screen, screen)
  terminal.progress?.(1, 2, 'reading')
  terminal.line('done')
  expect(shown).toEqual(['\r\u001b[K████████████░░░░░░░░░░░░  50 % reading', '\r\u001b[K', 'done\n'])
})
