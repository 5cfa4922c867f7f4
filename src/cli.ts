#!/usr/bin/env node
// The door of the command line: `asklet <command> …`.

import { main } from './cli/main'
import { createTerminal } from './cli/output'

process.exitCode = await main(process.argv.slice(2), createTerminal(process.stdout, process.stderr))
