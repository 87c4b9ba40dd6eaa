const path = require('node:path')
const dotenv = require('dotenv')

/** What the shell sets wins, then the file that was asked for, then the defaults. */
function loadEnv(file) {
  if (file) {
    const { error } = dotenv.config({ path: path.resolve(file) })
    if (error) throw new Error(`no settings at ${file}`)
  }
  dotenv.config({ path: path.join(__dirname, '../config/default.env') })
  return settings(process.env)
}

function settings(env) {
  return { team: env.ROTA_TEAM, size: Number(env.ROTA_SIZE) }
}

module.exports = { loadEnv, settings }
