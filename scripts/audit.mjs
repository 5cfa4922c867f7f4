// `npm run audit [-- --schedules 5 --tamper 48 --seed 1]`: a database filled by schedules of acts, audited by the command
// of the package, and tampered with on copies.
import { runBundled } from './runBundled.mjs'

process.exitCode = await runBundled(['tests/simulation/acts/fill.ts'])
