const { matcher } = require('./match')

const routes = {
  berth: matcher('/berths/:id'),
  tide: matcher('/tides/:day/:hour?'),
  file: matcher('/files/:rest(.*)'),
}

module.exports = { routes }
