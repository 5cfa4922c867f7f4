// Finds a Chromium: the path in ASKLET_CHROMIUM, the system's, playwright's own, or the one inside the package
// @sparticuz/chromium (so that `npm ci && npm test` needs nothing installed by hand on Linux x64).
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-headless-shell',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** No sandbox as root in containers; nothing that would look for the outside world. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
]

const isExecutable = path => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

let found

/** @returns {Promise<{ path: string, from: 'env' | 'system' | 'playwright' | '@sparticuz/chromium' }>} */
export function findChromium() {
  found ??= search()
  return found
}

async function search() {
  const wanted = process.env.ASKLET_CHROMIUM
  if (wanted && wanted !== 'bundled') {
    if (!isExecutable(wanted)) throw new Error(`ASKLET_CHROMIUM=${wanted} is not an executable file.`)
    return { path: wanted, from: 'env' }
  }
  if (!wanted) {
    const system = SYSTEM.find(isExecutable)
    if (system) return { path: system, from: 'system' }
    const { chromium } = await import('playwright-core')
    const own = chromium.executablePath()
    if (own && existsSync(own)) return { path: own, from: 'playwright' }
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const bundled = await (await import('@sparticuz/chromium')).default.executablePath()
    if (spawnSync(bundled, ['--version']).status === 0) return { path: bundled, from: '@sparticuz/chromium' }
  }
  throw new Error(
    'No Chromium found. Any one of these gives one:\n' +
      '  apt-get update && apt-get install -y --no-install-recommends chromium\n' +
      '  npx playwright-core install chromium-headless-shell\n' +
      '  ASKLET_CHROMIUM=/path/to/chrome npm test',
  )
}
