// Four projects in one run: rules and seams in Node, those of them that replace modules, components in a real
// browser, journeys on the built files.
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs'

const chromium = await findChromium()

const NODE = ['tests/{unit,contract,simulation}/**/*.test.ts', 'tests/*.test.ts']
/** These put something else in the place of a module, which nobody else may see. */
const MOCKED = [
  'tests/simulation/noGapCheck.test.ts',
  'tests/unit/cli/keptModel.test.ts',
  'tests/unit/server/missingPackages.test.ts',
  'tests/unit/server/helpSearchMemory.test.ts',
]

/**
 * What takes longest begins first, so that no processor is idle while the last file is played. A fresh checkout knows
 * no times, and a short file may run others for long. A file that is not here begins after these, larger ones first.
 */
const LONGEST = [
  'contract/nodes',
  // Of one process each: the first one starts and kills six.
  'simulation/conversation',
  'unit/server/security',
  'contract/postgresStore',
  'simulation/processes/processes',
  'contract/broker',
  'unit/server/identity',
  'unit/server/answers',
  'unit/server/helpDesk',
  'contract/sqliteStoreFaults',
  'unit/cli/importArticles',
  'simulation/schedules',
  'journeys/c-language-model',
  'journeys/d-person',
  'journeys/screenshots',
  'journeys/b-suggestions',
  'journeys/failures.network',
  'journeys/a-offers',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))
      return at < 0 ? LONGEST.length : at
    }
    return (await super.sort(files)).sort((a, b) =>
      a.project === b.project && a.project.config.sequence.groupOrder === b.project.config.sequence.groupOrder
        ? place(a) - place(b)
        : 0,
    )
  }
}

export default defineConfig({
  define: { __VERSION__: JSON.stringify('test'), __RULES__: JSON.stringify('test') },
  test: {
    sequence: { sequencer: LongestFirst },
    // Much of what is tested waits for a server or a clock: one worker for each of two processors leaves none idle. With
    // three, processes that are killed and started again were not back in time.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: NODE,
          exclude: MOCKED,
          testTimeout: 20_000,
          // Modules keep nothing of their own, so files may share them: reading them anew for each took as long as
          // the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'mocked', include: MOCKED, testTimeout: 20_000 },
      },
      {
        extends: true,
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        optimizeDeps: {
          include: [
            'preact',
            'preact/hooks',
            'preact/jsx-runtime',
            'preact/jsx-dev-runtime',
            'preact/test-utils',
            '@preact/signals',
            '@preact/signals-core',
            '@testing-library/preact',
            'marked',
            'dompurify',
            'socket.io-client',
            'valibot',
            'axe-core',
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/ui/**/*.test.{ts,tsx}'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: chromium.path, args: CHROMIUM_ARGS } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['tests/browser/journeys/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // As long as a locator waits: what is looked for goes through a server, a store and another page.
          expect: { poll: { timeout: 12_000 } },
          // As above: the parts are read once a worker.
          isolate: false,
          // Each file has a demo and a browser of its own, and waits for one or the other half of its time: more than
          // three starve each other's timeouts.
          maxWorkers: 3,
          // A browser on a busy machine may miss a limit once; what fails twice is broken. The report names repeats.
          retry: 1,
          // After the others: a browser that waits for a busy processor is not a slow page.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
