const execa = require('execa')

async function script(line) {
  const { stdout } = await execa.command(line)
  return stdout.trim()
}

module.exports = { script }
