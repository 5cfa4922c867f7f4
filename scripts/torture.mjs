// `npm run torture -- --minutes 10 --seed 7`: real processes under faults; see tests/simulation/processes.
import { runBundled } from './runBundled.mjs'

process.exit(await runBundled(['tests/simulation/processes/torture.ts']))
