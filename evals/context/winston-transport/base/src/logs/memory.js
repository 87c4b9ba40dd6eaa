const { Transport } = require('winston')

class Memory extends Transport {
  constructor(options) {
    super(options)
    this.name = 'memory'
    this.lines = []
  }

  log(level, message, meta, done) {
    const place = meta && meta.harbour ? ` (${meta.harbour})` : ''
    this.lines.push(`${level} ${message}${place}`)
    done(null, true)
  }
}

module.exports = { Memory }
