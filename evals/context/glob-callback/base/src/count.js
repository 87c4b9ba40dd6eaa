const glob = require('glob')

module.exports.count = (folder) => glob.sync('**/*.txt', { cwd: folder }).length
