// Mocha's own spec output with the time of each long suite, a `FAILED` line for each failure that can be searched for,
// and as the last line the plain count that a build server reads.
const { reporters } = require('mocha')

const longMs = 10_000
const endsWithinMs = 60_000

module.exports = class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const begun = new Map()
    const failed = []
    runner.on('fail', (test, error) => {
      failed.push({ title: test.fullTitle(), why: String(error?.message).split('\n', 1)[0] })
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
      process.exitCode = failures > 0 || passes === 0 ? 1 : 0
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
