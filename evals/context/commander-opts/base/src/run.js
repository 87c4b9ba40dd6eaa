const { program } = require('./program')
const { table } = require('./table')

function run(argv) {
  program.parse(argv)
  return table(program)
}

module.exports = { run }
