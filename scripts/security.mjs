// `npm run security [-- --short]`: attacks the real server, built from the sources as they are. Closes with four
// `name: value` lines and 1 when an access was wrong or the server ended.
import { runBundled } from './runBundled.mjs'

process.exit(
  await runBundled(['tests/security/run.ts', 'tests/security/server.ts'], {
    args: out => [`${out}/server.mjs`],
  }),
)
