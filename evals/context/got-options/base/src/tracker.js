'use strict';

class Tracker {
  constructor(carriers) {
    this.carriers = carriers;
  }

  carrier(name) {
    return this.carriers.find((one) => one.name === name);
  }

  async lookup(refs) {
    return Promise.all(refs.map((ref) => this.one(ref)));
  }

  async one(ref) {
    const carrier = this.carriers.find((c) => c.accepts(ref));
    if (!carrier) return { ref, carrier: '-', state: 'unknown carrier', day: '' };
    const found = await carrier.find(ref);
    return found || { ref, carrier: carrier.name, state: 'not found', day: '' };
  }
}

module.exports = { Tracker };
