const execa = require('execa')

async function version() {
  const { stdout } = await execa('node', ['--version'])
  return stdout
}

function versionNow() {
  return execa.sync('node', ['--version']).stdout
}

module.exports = { version, versionNow }
