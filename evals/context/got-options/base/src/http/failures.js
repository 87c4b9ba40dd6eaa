'use strict';

class CarrierError extends Error {
  constructor(carrier, reason, cause) {
    super(`${carrier}: ${reason}`);
    this.name = 'CarrierError';
    this.carrier = carrier;
    this.cause = cause;
  }
}

/** Turns what a client threw into something the report can show. */
function explain(carrier, err) {
  if (err.name === 'TimeoutError') {
    return new CarrierError(carrier, 'did not answer in time', err);
  }
  if (err.statusCode === 401) {
    return new CarrierError(carrier, 'token refused', err);
  }
  if (err.statusCode) {
    const detail = err.body && err.body.message;
    return new CarrierError(carrier, detail || `answered ${err.statusCode}`, err);
  }
  return new CarrierError(carrier, err.message, err);
}

function isMissing(err) {
  return err.statusCode === 404;
}

module.exports = { CarrierError, explain, isMissing };
