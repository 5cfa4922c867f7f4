// `asklet flows`: packs of flows that come with the package, to begin one's own with. Copies a pack into a help folder:
// the flow, a readme beside it that says what is to be filled in, and a conversation test. Never writes over a file.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AskletError, describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import { unfilledPlaces } from './flowFiles'
import type { Output } from './output'
import { ownFolder } from './ownFolder'

const USAGE = 'asklet flows list | asklet flows add <pack> [--to <help folder>]'
const HELP = [
  USAGE,
  '',
  '  list          the packs, and what each does',
  '  add <pack>    copies flows/<pack>.json with a readme, and tests/<pack>.test.txt',
  '',
  '  --to <dir>    the help folder that gets them, default help',
  '',
  '  What stands in {{double braces}} is yours to fill in; "asklet check" names what is left.',
]

/** Where each file of a pack goes, below the help folder. */
const PLACES = [
  ['.json', 'flows'],
  ['.readme.txt', 'flows'],
  ['.test.txt', 'tests'],
] as const

export function run(args: string[], out: Output): Promise<number> {
  return flows(args, out)
}

/** @param packsFolder  replaced in tests; default: that of the package */
export async function flows(args: readonly string[], out: Output, packsFolder?: string): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { help: { type: 'boolean' }, to: { type: 'string', default: 'help' } },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [action, pack, ...others] = positionals
  if (action !== 'list' && action !== 'add')
    throw usageError(`the next word must be list or add, got ${describe(action)}`, USAGE)
  const folder = packsFolder ?? resolve(await ownFolder(), '..', 'packs')
  const packs = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  if (action === 'list') {
    const width = Math.max(...packs.map(name => name.length))
    for (const name of packs)
      out.line(`${name.padEnd(width)}  ${aboutOf(join(folder, name, `${name}.readme.txt`))}`)
    return 0
  }
  if (!pack || others.length)
    throw usageError(`there must be one pack, got ${pack ? others.length + 1 : 'none'}`, USAGE)
  if (!packs.includes(pack))
    throw usageError(`the pack must be one of ${packs.join(', ')}, got ${describe(pack)}`, USAGE)

  const files = PLACES.map(([ending, place]) => ({
    from: join(folder, pack, pack + ending),
    to: join(values.to, place, pack + ending),
  }))
  // All or nothing: half a pack would look like one that was begun.
  const taken = files.filter(({ to }) => existsSync(to))
  if (taken.length)
    throw new AskletError(
      'cli_usage',
      `nothing may be written over, got ${taken.map(({ to }) => to).join(', ')}. Rename what is there, or choose another folder with --to.`,
    )
  for (const { from, to } of files) {
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, readFileSync(from))
    out.line(to)
  }
  const open = unfilledPlaces(readFileSync(files[0]?.from ?? '', 'utf8'))
  out.line(`to-fill-in: ${open.length}`)
  return 0
}

/** Its first line that is no heading. */
function aboutOf(readme: string): string {
  return (
    readFileSync(readme, 'utf8')
      .split('\n')
      .find(line => line.trim() && !line.startsWith('#')) ?? ''
  )
}
