const chalk = require('chalk')

const ink = new chalk.Instance({ level: 1 })

module.exports = { ink }
