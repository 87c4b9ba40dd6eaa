import { reachFolder } from '../../src/contract/reachFolder.ts'

/**
 * Node writes what a process ran at its end, and a runner that ends its workers by a signal leaves nothing. Where that is
 * asked, the signal is taken once: what was run is written, and then it does what it would have done.
 */
export function keepReach(): void {
  if (process.env.NODE_V8_COVERAGE !== reachFolder) return
  const { takeCoverage } = require('node:v8') as Partial<typeof import('node:v8')>
  if (takeCoverage === undefined) return
  process.once('SIGTERM', () => {
    takeCoverage()
    // Whoever else listens has heard it, too.
    if (process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM')
  })
}
