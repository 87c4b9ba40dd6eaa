'use strict';

const defaults = {
  northUrl: 'http://localhost:4010/v2',
  postalUrl: 'http://localhost:4020',
  token: '',
  timeout: 4000,
  retries: 2,
};

function loadConfig(env) {
  return {
    northUrl: env.NORTH_URL || defaults.northUrl,
    postalUrl: env.POSTAL_URL || defaults.postalUrl,
    token: env.PARCEL_TOKEN || defaults.token,
    timeout: Number(env.PARCEL_TIMEOUT || defaults.timeout),
    retries: Number(env.PARCEL_RETRIES || defaults.retries),
  };
}

module.exports = { loadConfig, defaults };
