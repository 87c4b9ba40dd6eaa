#!/usr/bin/env node
import { existsSync } from 'node:fs'

// npm links a command once, when it first sees the checkout: what it links must be there before the build is.
const program = new URL('../dist/drydock.mjs', import.meta.url)

if (existsSync(program)) await import(program.href)
else {
  process.stderr.write('not-built: Drydock is not built in this checkout.\nNext: bash scripts/setup\n')
  process.exitCode = 5
}
