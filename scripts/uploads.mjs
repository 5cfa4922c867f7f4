// `npm run uploads`: hostile names and bytes through the real upload path, from the sources as they are. Closes with
// `uploads-tried:` and `uploads-wrong:`, and 1 when something was wrong.
import { runBundled } from './runBundled.mjs'

process.exit(await runBundled(['tests/uploads/run.ts']))
