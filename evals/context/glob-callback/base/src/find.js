const glob = require('glob')
const path = require('node:path')

function find(folder, done) {
  glob('*.txt', { cwd: folder }, (error, names) => {
    if (error) return done(error)
    done(null, names.sort().map((name) => path.basename(name)))
  })
}

module.exports = { find }
