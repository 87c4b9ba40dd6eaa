const { createHash } = require('crypto')

/** The same address always gets the same id. */
exports.idOf = function (url) {
  return createHash('sha1').update(url).digest('hex').slice(0, 12)
}
