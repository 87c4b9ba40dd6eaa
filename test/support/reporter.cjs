// Mocha's own spec output with the time of each long suite, and as the last line the plain count that a build server reads.
const { reporters } = require('mocha')

const longMs = 10_000

module.exports = class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const begun = new Map()
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
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`)
    })
  }
}
