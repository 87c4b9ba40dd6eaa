const async = require('async')
const { extension } = require('./names')

function notEmpty (file, done) {
  done(file.bytes.length === 0 ? new Error('empty: ' + file.name) : null)
}

function notHuge (file, done) {
  done(file.bytes.length > file.limit ? new Error('too large: ' + file.name) : null)
}

function looksRight (file, done) {
  const html = extension(file.name) === 'html'
  done(html && !/^\s*</.test(file.bytes.toString()) ? new Error('no page: ' + file.name) : null)
}

const all = [notEmpty, notHuge, looksRight]

exports.check = function (file, done) {
  async.applyEach(all, file, function (err) {
    done(err || null)
  })
}
