'use strict';

const { NorthCarrier } = require('./north');
const { PostalCarrier } = require('./postal');

function carriersFor(clients) {
  return [new NorthCarrier(clients.north), new PostalCarrier(clients.postal)];
}

module.exports = { carriersFor };
