const path = require('path')

exports.fileFor = function (url) {
  const { hostname, pathname } = new URL(url)
  return path.posix.join(hostname, pathname.endsWith('/') ? pathname + 'index.html' : pathname)
}

exports.extension = function (file) {
  return path.posix.extname(file).slice(1)
}
