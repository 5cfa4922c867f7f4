#!/usr/bin/env node
// The door of the command line: `asklet <command> …`.

import { createCommands, main } from './cli/main'
import { createTerminal } from './cli/output'
import { checkConfig } from './protocol/config'

const terminal = createTerminal(process.stdout, process.stderr)
process.exitCode = await main(process.argv.slice(2), terminal, createCommands(checkConfig))
