const cookie = require('cookie')

function read(header) {
  return Object.keys(cookie.parse(header)).sort()
}

function theme(header) {
  const all = cookie.parse(header)
  return all.hasOwnProperty('theme') ? all.theme : 'plain'
}

module.exports = { read, theme }
