// `npm run privacy`: what leaves the page, what is stored, and what is left after erasing, on the code as it is. Closes
// with `name: value` lines, and 1 when something leaked, was eaten or was left. tests/privacy/run.ts says what is done.
import { runBundled } from './runBundled.mjs'

process.exit(await runBundled(['tests/privacy/run.ts']))
