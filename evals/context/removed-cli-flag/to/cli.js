#!/usr/bin/env node
const known = ['--exclude-from', '--quiet']
const bad = process.argv.slice(2).find((one) => one.startsWith('--') && !known.includes(one.split('=')[0]))
if (bad) {
  console.error(`tidycheck: unknown option ${bad}`)
  process.exit(2)
}
