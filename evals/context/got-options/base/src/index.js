'use strict';

const { createClient } = require('./http/client');
const { carriersFor } = require('./carriers');
const { Tracker } = require('./tracker');

function createTracker(config) {
  const clients = {
    north: createClient(config.northUrl, config),
    postal: createClient(config.postalUrl, config),
  };
  return new Tracker(carriersFor(clients));
}

module.exports = { createTracker };
