const { parseArgs } = require('./args')
const commands = require('./commands')
const { loadEnv } = require('./env')

function run(argv, out, err) {
  const { name, flags } = parseArgs(argv)
  const command = commands[name]
  if (!command) {
    err.write(`usage: rota ${Object.keys(commands).join('|')} [--env FILE] [--from DAY] [--json]\n`)
    return 2
  }
  try {
    const rows = command(loadEnv(flags.env), flags)
    out.write(flags.json ? `${JSON.stringify(rows)}\n` : rows.map((row) => `${row.day}  ${row.people.join(', ')}\n`).join(''))
    return 0
  } catch (error) {
    err.write(`rota: ${error.message}\n`)
    return 1
  }
}

module.exports = { run }
