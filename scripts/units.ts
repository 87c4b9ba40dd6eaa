import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { changedUnits } from './dev/changedUnits.ts'

const root = resolve(import.meta.dirname, '..')
const all = 'test/unit/**/*.test.ts'

/**
 * `units.ts [FILE…] [OPTION…]`: these files, or all units side by side where none is named; `--changed`: those that
 * reach what differs from the branch `main`. Options are mocha's.
 */
async function main(given: readonly string[]): Promise<void> {
  const options = given.filter((word) => word !== '--changed')
  const common = ['--config', 'test/unit/.mocharc.json', '--reporter', 'test/support/reporter.cjs']
  if (given.includes('--changed')) {
    const { units, unreached } = await changedUnits(root)
    if (unreached.length > 0) process.stdout.write(`No unit imports: ${unreached.join(', ')}\n`)
    if (units.length > 0) mocha([...common, ...options, ...units])
    else process.stdout.write('No unit reaches what differs from main.\n')
  } else if (options.some((word) => word.endsWith('.ts'))) mocha([...common, ...options])
  // No file counts on another one; two processes are what the smallest machine has cores for.
  else mocha([...common, '--parallel', '--jobs', '2', ...options, all])
}

function mocha(words: readonly string[]): void {
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...words], {
    cwd: root,
    stdio: 'inherit',
  })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

await main(process.argv.slice(2))
