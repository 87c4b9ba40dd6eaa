'use strict';

const { isMissing, explain } = require('../http/failures');
const { toDay } = require('../util/days');

class NorthCarrier {
  constructor(client) {
    this.name = 'north';
    this.client = client;
  }

  accepts(ref) {
    return ref.startsWith('NC');
  }

  async find(ref) {
    try {
      const { body } = await this.client.get('/shipments', { query: { ref, expand: 'events' } });
      const last = body.events[body.events.length - 1];
      return { ref, carrier: this.name, state: last.state, day: toDay(last.at) };
    } catch (err) {
      if (isMissing(err)) return null;
      throw explain(this.name, err);
    }
  }

  async subscribe(ref, callback) {
    const { body } = await this.client.post('/hooks', { body: { ref, callback } });
    return body.id;
  }
}

module.exports = { NorthCarrier };
