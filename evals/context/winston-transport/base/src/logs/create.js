const winston = require('winston')

function createLog(memory) {
  return new winston.Logger({
    level: 'info',
    transports: [memory],
  })
}

module.exports = { createLog }
