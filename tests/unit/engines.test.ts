// What `npm run engines` does with its words, and with an engine that is not there. The journeys are its own.
import { afterEach, expect, test, vi } from 'vitest'
import { findEngine, wantedEngines } from '../browser/engines/findEngines'

afterEach(() => vi.unstubAllEnvs())

test('an engine that is not there fails with what to install, and is not passed over', async () => {
  vi.stubEnv('PATH', '')
  vi.stubEnv('ASKLET_FIREFOX', '/nowhere/firefox')
  await expect(findEngine('firefox')).rejects.toThrow(/Firefox is missing.*apt-get install .* firefox-esr/)
  await expect(findEngine('webkit')).rejects.toThrow(
    /WebKitGTK is missing.*apt-get install .* webkit2gtk-driver/,
  )
})

test('all three engines, or those that are named', () => {
  expect(wantedEngines([])).toEqual(['chromium', 'firefox', 'webkit'])
  expect(wantedEngines(['--only', 'webkit,firefox'])).toEqual(['webkit', 'firefox'])
  for (const words of [['--only'], ['--only', 'gecko'], ['firefox'], ['--only', '']])
    expect(() => wantedEngines(words)).toThrow('Usage: npm run engines [-- --only chromium,firefox,webkit]')
})
