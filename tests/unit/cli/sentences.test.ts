// What a developer reads when a command cannot do what was asked: the exact sentences, with what, got and fix.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCommands, main } from '../../../src/cli/main'
import { checkConfig } from '../../../src/protocol/config'
import { createSpoken } from './spoken'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-sentences-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name)), { recursive: true })
    writeFileSync(join(work, name), text)
  }
}

/** Runs a command line; every path is within this test's folder, and shown as `…`. */
async function say(...args: string[]) {
  const out = createSpoken()
  const code = await main(
    args.map(arg => arg.replace('…', work)),
    out,
    createCommands(checkConfig),
  )
  const plain = (lines: string[]) => lines.map(line => line.replaceAll(work, '…'))
  return { code, lines: plain(out.lines), errors: plain(out.errors) }
}

const ARTICLE = (more = '') => `---
title: Add a card
summary: How to add a card.
kind: howto
roles: [client]
${more}---
${'Open Payments and choose Add. '.repeat(10)}
`

test('build on a folder that is not there names the path', async () => {
  expect(await say('build', '…/nowhere', '--no-cache', '--out', '…/out')).toEqual({
    code: 1,
    lines: [],
    errors: [
      'Asklet [articles_none]: the articles folder must be a folder with Markdown files, got nothing at …/nowhere. Check the path.',
    ],
  })
})

test('build on a folder without articles says how to get some', async () => {
  write({ 'help/readme.txt': 'nothing' })
  expect(await say('build', '…/help', '--no-cache', '--out', '…/out')).toEqual({
    code: 1,
    lines: [],
    errors: [
      'Asklet [articles_none]: the articles folder must hold at least one .md or .mdx file, got none in …/help. Write one, or make them with "asklet import".',
    ],
  })
})

test('build on broken YAML names file and line, and builds the others', async () => {
  write({
    'help/broken.md': ARTICLE('keywords: [card, "visa\n'),
    'help/good.md': ARTICLE(),
  })
  const { code, lines } = await say('build', '…/help', '--no-cache', '--out', '…/out')
  expect(code).toBe(1)
  expect(lines.slice(0, 2)).toEqual([
    '1 file with mistakes, left out',
    '  broken.md:7: front matter must be YAML, got a mistake: Missing closing "quote. Put quotes around text that holds a colon or begins with a sign.',
  ])
  expect(lines).toContain('articles built         1')
})

test('build on private articles without --private-out refuses, and names them', async () => {
  write({ 'help/secret.md': ARTICLE('access: private\n'), 'help/open.md': ARTICLE() })
  expect(await say('build', '…/help', '--no-cache', '--out', '…/out')).toEqual({
    code: 1,
    lines: [],
    errors: [
      'Asklet [private_article]: private articles must not go to a folder that anybody can fetch, got 1: secret.md. Pass --private-out <dir> and serve that with "asklet serve" or attachHelpDesk.',
    ],
  })
})

test('build without --out, and with --private-out inside it, says how to call it', async () => {
  write({ 'help/open.md': ARTICLE() })
  const usage =
    'Call it like this: asklet build <folder> --out <dir> [--flows <dir|file>] [--texts <dir|file>]'
  expect(await say('build', '…/help')).toMatchObject({
    code: 2,
    errors: [`Asklet [cli_usage]: --out must say where the files go, got nothing. ${usage}`],
  })
  expect(
    await say('build', '…/help', '--no-cache', '--out', '…/out', '--private-out', '…/out/private'),
  ).toMatchObject({
    code: 2,
    errors: [
      `Asklet [cli_usage]: --private-out must lie outside --out, which anybody can fetch, got a folder inside. ${usage}`,
    ],
  })
})

test('check on a flow with a dead end names the step, its line, and what is missing', async () => {
  const flow = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../fixtures/flows/payout.json'), 'utf8'),
  ) as { steps: Record<string, object> }
  const [first] = Object.keys(flow.steps)
  flow.steps[first ?? ''] = { say: ['Just words.'] }
  write({ 'payout.json': JSON.stringify(flow, null, 2) })
  const { code, errors } = await say('check', '…/payout.json')
  expect(code).toBe(1)
  expect(errors[0]).toBe(
    'payout.json:18:5: Asklet [flow_dead_end]: steps.ask must ask, go on, end or hand off, got "nothing after its words". Add next, end or handoff.',
  )
  expect(errors.at(-1)).toBe(
    'payout.json:17:3: Asklet [flow_dead_end]: steps must have a road to a person, got "no handoff that can be reached". Add a step with handoff, and lead to it where the flow does not help.',
  )
})

test('check on a configuration of the right shape says what a server would refuse', async () => {
  write({
    'asklet.json': JSON.stringify(
      {
        hours: { zone: 'Europe/Berln', week: { mon: [['09:00', '17:00']] } },
        origins: ['https://shop.example', 'https://shop.example/help'],
      },
      null,
      2,
    ),
  })
  const { code, errors } = await say('check', '…/asklet.json')
  expect(code).toBe(1)
  expect(errors).toEqual([
    'asklet.json:3:5: hours.zone must be an IANA time zone like "Europe/Berlin", got "Europe/Berln".',
    'asklet.json:15:5: an allowed origin is scheme and host like "https://shop.example", got "https://shop.example/help". Leave path and slash away.',
  ])
})

test('check on a file that is not there, and on nothing, says how to call it', async () => {
  const usage = 'Call it like this: asklet check <asklet.json | flow.json | folder of flows> …'
  expect(await say('check', '…/asklet.json')).toMatchObject({
    code: 2,
    errors: [`Asklet [cli_usage]: the file or folder must be there, got "…/asklet.json". ${usage}`],
  })
  expect((await say('check')).errors).toEqual([
    `Asklet [cli_usage]: there must be a file or folder to check, got none. ${usage}`,
  ])
})

test('serve with a configuration that is not there, or is not JSON, says which file it wanted', async () => {
  expect(await say('serve', '--config', '…/asklet.json', '--port', '0', '--data', '…/a.db')).toEqual({
    code: 1,
    lines: [],
    errors: [
      'Asklet [config_missing]: cannot read …/asklet.json. Pass --config with the path of your asklet.json.',
    ],
  })
  write({ 'asklet.json': '{ "hours": ' })
  const { code, errors } = await say('serve', '--config', '…/asklet.json', '--port', '0', '--data', '…/a.db')
  expect(code).toBe(1)
  expect(errors[0]).toMatch(
    /^Asklet \[config_syntax\]: …\/asklet\.json is not JSON \(.*\)\. "asklet check" shows the line\.$/,
  )
})

test('serve at a port that cannot be says what a port is', async () => {
  expect((await say('serve', '--port', 'eighty')).errors).toEqual([
    'Asklet [cli_usage]: --port must be a whole number from 0 to 65535, got "eighty". Call it like this: asklet serve --config asklet.json [--data asklet.db | --database postgres://… [--broker redis://…] [--nodes 3]] [--port 8787] [--host 127.0.0.1]',
  ])
})

test('a word that is no command: the nearest one is named', async () => {
  expect(await say('biuld')).toMatchObject({ code: 2 })
  expect((await say('built')).errors).toEqual([
    'Asklet [cli_usage]: the first word must be a command, got "built". Did you mean "asklet build"? "asklet --help" lists all commands.',
  ])
})
