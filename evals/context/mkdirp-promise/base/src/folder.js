const mkdirp = require('mkdirp')

function folder(path, done) {
  mkdirp(path, (error) => done(error, path))
}

module.exports = { folder }
