// Mocha's own spec output, and as the last line the plain count that a build server reads.
const { reporters } = require('mocha')

module.exports = class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats
      process.exitCode = failures > 0 || passes === 0 ? 1 : 0
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`)
    })
  }
}
