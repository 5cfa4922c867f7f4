// Played conversations: the demo's own transcripts, what is said where an expectation does not hold, and the checks
// that nobody writes.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transcript } from '../../../src/cli/dialogueReport'
import { type DialogueSite, openDialogueSite } from '../../../src/cli/dialogueSite'
import { type DialogueResult, runDialogue } from '../../../src/cli/runDialogue'
import { readTranscriptFiles, run } from '../../../src/cli/test'
import { parseTranscripts } from '../../../src/cli/transcript'
import { parseConfig } from '../../../src/protocol/config'
import { NO_REPLIES } from '../../../src/understanding/replies'
import { createSpoken } from './spoken'

const DEMO = join(import.meta.dirname, '../../../demo')
const TESTS = join(DEMO, 'help/tests')
let demo: DialogueSite
let work = ''
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'asklet-dialogues-'))
  const { site, findings } = await openDialogueSite({
    articles: join(DEMO, 'help/articles'),
    flows: join(DEMO, 'help/flows'),
    actions: { names: [], file: join(TESTS, 'actions.json') },
    config: parseConfig(JSON.parse(readFileSync(join(DEMO, 'asklet.json'), 'utf8')), 'asklet.json').config,
    locale: 'en',
  })
  expect(findings).toEqual([])
  demo = site
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const play = (text: string, site = demo) => {
  const { dialogues, problems } = parseTranscripts(text, 'f.test.txt')
  expect(problems).toEqual([])
  const [dialogue] = dialogues
  if (!dialogue) throw new Error('must be read')
  return runDialogue(dialogue, site)
}
const failures = ({ turns }: DialogueResult) =>
  turns.flatMap(({ checks }) =>
    checks.flatMap(one => (one.passed ? [] : `${one.line} ${one.text}: ${one.got}`)),
  )

describe('the transcripts of the demo', () => {
  const { dialogues, problems } = readTranscriptFiles(
    readdirSync(TESTS)
      .filter(name => name.endsWith('.test.txt'))
      .map(name => join(TESTS, name)),
  )
  test('all are read', () => expect(problems).toEqual([]))
  test.each(dialogues.map(dialogue => [dialogue.title, dialogue] as const))('%s', async (_, dialogue) => {
    const result = await runDialogue(dialogue, demo)
    expect(failures(result), transcript(result).join('\n')).toEqual([])
  })
})

test('each expectation that does not hold says what came instead', async () => {
  const result = await play(`test: all wrong
on: /withdrawals as freelancer
> where is my withdrawal W-7731?
cites: withdrawals/withdrawal-delayed
says: it has arrived
never says: look up
asks: withdrawal
knows: withdrawal = W-1
flow: none
buttons: Allow | Yes
unknown
clarifies
person
(allows)
cites: withdrawals/withdrawal-delayed#nowhere
[No]
no person
asks: withdrawal
person: askedForPerson
`)
  expect(result.passed).toBe(false)
  expect(failures(result)).toEqual([
    '4 cites: withdrawals/withdrawal-delayed: no article: I can look up where W-7731 is. May I?',
    '5 says: it has arrived: I can look up where W-7731 is. May I?',
    '6 never says: look up: I can look up where W-7731 is. May I?',
    '7 asks: withdrawal: no question for a detail',
    '8 knows: withdrawal = W-1: W-7731',
    '9 flow: none: withdrawal-delayed',
    '10 buttons: Allow | Yes: Allow | No, thanks',
    '11 unknown: I can look up where W-7731 is. May I?',
    '12 clarifies: Allow | No, thanks',
    '13 person: no person: I can look up where W-7731 is. May I?',
    '15 cites: withdrawals/withdrawal-delayed#nowhere: withdrawals/withdrawal-delayed#what-the-status-means',
    '17 no person: flowHandoff',
    '18 asks: withdrawal: no question for a detail',
    '19 person: askedForPerson: flowHandoff',
  ])
})

test('a button that is not there ends the conversation, and says which there are', async () => {
  const result = await play('test: a\n> I forgot my password\n[Maybe]\n> more\nunknown')
  expect(failures(result)).toEqual(['3 the visitor can do this: no button "Maybe", only Yes, thank you | No'])
  expect(result.turns.length).toBe(2)
})

test('the same words twice, and a detail that was told, are found without being asked for', async () => {
  const twice = await play('test: a\non: /orders as client\n> the order is not as described\n> hm\n> hm hm')
  expect(failures(twice)).toEqual(['5 no two turns say the same: Please choose one of the answers below.'])
  // A flow that collects what the visitor wrote before it began.
  const told = await play(
    "test: a\n> I am sam@example.com xylophone\n> I can't log in\n[The reset e-mail does not arrive]\n[No]",
  )
  expect(failures(told)).toEqual([
    '5 nothing known is asked for: email, which the visitor wrote: sam@example.com',
  ])
})

test('a number that was told before its flow began is not asked for, and reaches the person', async () => {
  const flow =
    'the order is not as described\n[Cancel before delivery]\n[No]\nknows: order = O-5521\nasks: fault'
  expect(failures(await play(`test: a\non: /orders as client\n> O-5521 xylophone\n> ${flow}`))).toEqual([])
  const atOnce = 'test: a\n> a human please, about o-5521\nperson: askedForPerson\nknows: order = O-5521'
  expect(failures(await play(atOnce))).toEqual([])
  const later = 'test: a\n> o-5521 xylophone\n> I mean O-5522\nknows: order = O-5522'
  expect(failures(await play(later))).toEqual([])
})

test('a sentence that stands in no source is named', async () => {
  const inventive = {
    ...demo,
    search: {
      ...demo.search,
      passages: async () => [
        {
          articleId: 'withdrawals/withdrawal-delayed',
          title: 'My withdrawal',
          text: 'A xylophone is paid in gold coins. Ask for one.',
          score: 1,
        },
      ],
    },
  }
  const result = await play('test: a\n> Is a xylophone paid in gold coins?', inventive)
  expect(failures(result)).toEqual([
    '2 each sentence stands in its source: A xylophone is paid in gold coins.',
  ])
})

test('how long a person takes: 1 is at once, one more than there are is never', async () => {
  const wait = async (text: string) => (await play(text)).turnsToPerson
  expect(await wait('test: a\n> can I talk to a human please\nperson: askedForPerson')).toBe(1)
  expect(await wait('test: a\n> hello\nperson: askedForPerson\n> my withdrawal is stuck')).toBe(3)
  expect(await wait('test: a\n> hello')).toBe(null)
})

test('the same transcript comes out the same', async () => {
  const text = 'test: a\non: /orders as client\n> cancel my order\n[Cancel before delivery]\n[No]'
  expect(await play(text)).toEqual(await play(text))
})

describe('the command', () => {
  const say = async (...args: string[]) => {
    const out = createSpoken()
    return { code: await run(args, out), ...out }
  }

  test('finds articles, flows, configuration and stand-ins beside the transcripts', async () => {
    const { code, lines, errors } = await say(join(TESTS, 'withdrawals.test.txt'))
    expect(errors).toEqual([])
    expect(code).toBe(0)
    expect(lines.slice(0, 2)).toEqual([
      'withdrawals.test.txt',
      '  ✓ A late withdrawal is looked up, after a yes',
    ])
    expect(lines.at(-1)).toBe('failed: 0')
  })

  test('exit code 1 and the transcript where one does not hold; --json says the same', async () => {
    const file = join(work, 'wrong.test.txt')
    writeFileSync(file, 'test: wrong\n> I forgot my password\nsays: hello')
    const beside = [file, '--articles', join(DEMO, 'help/articles'), '--flows', join(DEMO, 'help/flows')]
    const { code, lines } = await say(...beside)
    expect(code).toBe(1)
    expect(lines).toContain('  ✗ wrong  (line 1)')
    expect(lines.find(line => line.includes('✗ says: hello'))).toMatch(/\(line 3\) got On the sign-in page/)
    const json = await say(...beside, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({ passed: false, dialogues: [{ title: 'wrong' }] })
  })

  test('numbers by the site’s own patterns are understood before, in and without a flow', async () => {
    const flows = join(work, 'site-flows')
    mkdirSync(flows, { recursive: true })
    const contract = { label: 'contract number', pattern: 'CT-\\d{6}', hint: 'It looks like CT-204181.' }
    writeFileSync(join(flows, 'slots.json'), JSON.stringify({ slots: { contract } }))
    const steps = {
      a: { say: 'Which contract?', ask: 'contract', next: 'p' },
      p: { say: '{contract}', handoff: 'x' },
    }
    writeFileSync(
      join(flows, 'pause.json'),
      JSON.stringify({ id: 'pause', title: 'Pause it', startsWith: ['pause my contract'], steps }),
    )
    const other = { a: { say: 'Hi', next: 'p' }, p: { say: 'A person.', handoff: 'x' } }
    writeFileSync(
      join(flows, 'other.json'),
      JSON.stringify({ id: 'other', title: 'Other', startsWith: ['xylophone is out of tune'], steps: other }),
    )
    const file = join(work, 'site.test.txt')
    writeFileSync(
      file,
      [
        'test: before',
        '> ct-204181 zither',
        '> pause my contract',
        'asks nothing',
        'person',
        'says: CT-204181',
        'test: in it',
        '> pause my contract',
        'asks: contract',
        '> CT-20418',
        'asks: contract',
        '> it is ct-204181',
        'knows: contract = CT-204181',
        'person',
        'test: without one that asks',
        '> my xylophone is out of tune, CT-204181',
        'knows: contract = CT-204181',
        'person',
        'test: a person at once',
        '> can I talk to a human about CT-204181',
        'person: askedForPerson',
        'knows: contract = CT-204181',
      ].join('\n'),
    )
    const { code, lines, errors } = await say(
      file,
      '--articles',
      join(DEMO, 'help/articles'),
      '--flows',
      flows,
    )
    expect(errors).toEqual([])
    expect(code, lines.join('\n')).toBe(0)
  })

  test('a line that cannot be read is said with its place, and nothing is played', async () => {
    const file = join(work, 'odd.test.txt')
    writeFileSync(file, 'test: odd\n> hi\nask: x')
    const { code, lines, errors } = await say(file)
    expect(code).toBe(1)
    expect(lines).toEqual([])
    expect(errors[0]).toMatch(/^odd\.test\.txt:3: the line must be a turn or one of cites, /)
  })
})

test('a step back is known by the words that the bot knows it by, whatever the language', async () => {
  const words = (back: string) =>
    `test: a\non: /withdrawals as freelancer\n> my withdrawal is stuck\nasks: withdrawal\n> W-7522\n(refuses)\n> ${back}\n(refuses)`
  const rules = async (back: string, site = demo) =>
    (await play(words(back), site)).turns.flatMap(({ checks }) =>
      checks.filter(({ passed }) => !passed).map(({ rule }) => rule),
    )
  expect(await rules('go one back, please')).toEqual([])
  // The bot hears a step back, the check has no words for it: what is asked again was said before.
  expect(await rules('go one back, please', { ...demo, replies: NO_REPLIES })).toContain('saidTwice')
})

test('a pack that is still to be filled in is named, and the rest is played', async () => {
  const folder = mkdtempSync(join(work, 'packs-'))
  for (const name of ['articles', 'flows', 'tests']) mkdirSync(join(folder, name))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const flow = (id: string, words: string) => ({
    id,
    title: id,
    startsWith: [`${id} one`, `${id} two`, `${id} three`],
    steps: { a: { say: words, next: 'p' }, p: { handoff: 'x' } },
  })
  write('articles/a.md', '---\ntitle: Hours\n---\nWe are open from nine to five.')
  write('flows/late.json', JSON.stringify(flow('late', 'A person will look.')))
  write('flows/passwords.json', JSON.stringify(flow('passwords', 'Wait {{minutes}}.')))
  write('tests/late.test.txt', 'test: Late\n> late one\nperson')
  write('tests/passwords.test.txt', 'test: Password\n> passwords one\nsays: look')
  const out = createSpoken()
  expect(await run([join(folder, 'tests'), '--no-cache'], out)).toBe(1)
  expect(out.errors).toEqual([
    'passwords must be filled in, got 1 place that is not: its flow and transcripts were left out. Its readme says what they are.',
    expect.stringContaining('passwords.json:1: must be filled in, got {{minutes}}'),
  ])
  expect(out.lines).toEqual(expect.arrayContaining(['conversations: 1', 'failed: 0']))
  expect(out.lines.join()).toContain('✓ Late')
})
