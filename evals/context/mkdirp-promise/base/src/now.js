const mkdirp = require('mkdirp')

module.exports.now = (path) => {
  mkdirp.sync(path)
  return path
}
