'use strict';

const got = require('got');
const { version } = require('../../package.json');

/** One client for each carrier; they differ in where they point to. */
function createClient(url, { token, timeout, retries }) {
  return got.extend({
    baseUrl: url,
    json: true,
    timeout,
    retry: { retries, methods: ['GET'] },
    headers: {
      'user-agent': `parcel-watch/${version}`,
      authorization: `Bearer ${token}`,
    },
  });
}

module.exports = { createClient };
