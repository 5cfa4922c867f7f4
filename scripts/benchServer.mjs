// `npm run bench:server`: builds the bench of tests/bench/server and runs it. Its processes stay apart: the
// server under measurement must not share one with what measures it.
import { runBundled } from './runBundled.mjs'

process.exit(
  await runBundled(['main', 'clients', 'floor', 'ours'].map(name => `tests/bench/server/${name}.ts`)),
)
