const winston = require('winston')

function makeLog(stream) {
  return new winston.Logger({
    transports: [new winston.transports.File({ stream, json: false, timestamp: false })],
  })
}

module.exports = { makeLog }
