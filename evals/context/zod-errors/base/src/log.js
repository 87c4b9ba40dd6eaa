/** Has errors of its own. */
function summary(log) {
  return log.errors.map((line) => `! ${line}`)
}

module.exports = { summary }
