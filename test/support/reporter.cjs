// Mocha's own spec output with the time of each long suite, the slowest tests, a `FAILED` line for each failure that can
// be searched for, and as the last line the plain count that a build server reads.
const { reporters } = require('mocha')

const longMs = 10_000
const endsWithinMs = 60_000
const slowestShown = 10

module.exports = class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const begun = new Map()
    const failed = []
    runner.on('fail', (test, error) => {
      failed.push({ title: test.fullTitle(), why: String(error?.message).split('\n', 1)[0] })
    })
    const slow = []
    runner.on('pass', (test) => {
      if (test.duration > test.slow()) slow.push({ title: test.fullTitle(), ms: test.duration })
    })
    const isWhole = (suite) => suite.parent?.root === true
    runner.on('suite', (suite) => {
      if (isWhole(suite)) begun.set(suite, Date.now())
    })
    runner.on('suite end', (suite) => {
      const took = Date.now() - begun.get(suite)
      if (isWhole(suite) && took > longMs) console.log(`  ${Math.round(took / 1000)} s: ${suite.title}\n`)
    })
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats
      process.exitCode = failures > 0 || passes + pending === 0 ? 1 : 0
      const slowest = slow.sort((a, b) => b.ms - a.ms).slice(0, slowestShown)
      if (slowest.length > 0) console.log('  The slowest tests:')
      for (const { title, ms } of slowest) console.log(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${title}`)
      for (const { title, why } of failed) console.log(`  FAILED  ${title}  ${why}`)
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`)
      // What a test left open would keep a build server waiting until it gives up, and nobody would know for what.
      setTimeout(() => {
        console.log(`  FAILED  the run did not end by itself  ${process.getActiveResourcesInfo().join(', ')}`)
        // Mocha sets its own code when the process ends.
        process.on('exit', () => {
          process.exitCode = 1
        })
        process.exit()
      }, endsWithinMs).unref()
    })
  }
}
