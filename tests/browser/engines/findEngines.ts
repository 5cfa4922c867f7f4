// Where the engines are on this machine. One that is not there is an error with what to install, never a skip.

import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findChromium } from '../../../scripts/chromium.mjs'
import { ENGINES, type EngineName } from './engine'

export type Found =
  | { readonly name: 'chromium' | 'firefox'; readonly path: string }
  | { readonly name: 'webkit'; readonly driver: string; readonly browser: string; readonly display: string }

/** Of `--only firefox,webkit`; all where nothing is named. Throws for names that are none. */
export function wantedEngines(words: readonly string[]): readonly EngineName[] {
  const at = words.indexOf('--only')
  if (at < 0 && words.length === 0) return ENGINES
  const names = at === 0 && words.length === 2 ? (words[1]?.split(',') ?? []) : []
  const isEngine = (name: string): name is EngineName => ENGINES.some(engine => engine === name)
  if (names.length === 0 || !names.every(isEngine))
    throw new Error(`Usage: npm run engines [-- --only ${ENGINES.join(',')}], got ${words.join(' ')}`)
  return names.filter(isEngine)
}

/** Throws a sentence with what to install. */
export async function findEngine(name: EngineName): Promise<Found> {
  if (name === 'chromium') return { name, path: (await findChromium()).path }
  if (name === 'firefox') {
    const path = process.env.ASKLET_FIREFOX ?? onPath('firefox-esr') ?? onPath('firefox')
    if (!path || !isExecutable(path))
      throw missing('Firefox', 'firefox-esr', 'ASKLET_FIREFOX=/path/to/firefox')
    return { name, path }
  }
  const driver = onPath('WebKitWebDriver')
  const browser = miniBrowser()
  const display = onPath('Xvfb')
  if (!driver || !browser) throw missing('WebKitGTK', 'webkit2gtk-driver')
  if (!display) throw missing('Xvfb, the screen that WebKitGTK is shown on,', 'xvfb')
  return { name, driver, browser, display }
}

function missing(what: string, debianPackage: string, or?: string): Error {
  const install = `apt-get update && apt-get install -y --no-install-recommends ${debianPackage}`
  return new Error(`${what} is missing. This installs it: ${install}${or ? ` (or name one: ${or})` : ''}`)
}

function onPath(file: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map(folder => join(folder, file)).find(isExecutable)
}

/** WebKitGTK's own small browser, in a folder that differs by distribution and version. */
function miniBrowser(): string | undefined {
  const folders = ['/usr/libexec', '/usr/lib', ...inFolder('/usr/lib', /-linux-gnu/)]
  return folders
    .flatMap(folder => inFolder(folder, /^webkit(2gtk|gtk)-/))
    .map(folder => join(folder, 'MiniBrowser'))
    .find(isExecutable)
}

function inFolder(folder: string, name: RegExp): readonly string[] {
  try {
    const names = readdirSync(folder).filter(entry => name.test(entry))
    return names.map(entry => join(folder, entry))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
