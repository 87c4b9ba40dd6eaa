#!/usr/bin/env node
const { run } = require('../src/run')

process.exitCode = run(process.argv.slice(2), process.stdout, process.stderr)
