'use strict';

const { explain } = require('../http/failures');
const { toDay } = require('../util/days');

const STATES = { 10: 'accepted', 20: 'moving', 30: 'delivered' };

class PostalCarrier {
  constructor(client) {
    this.name = 'postal';
    this.client = client;
  }

  accepts(ref) {
    return /^\d{10}$/.test(ref);
  }

  async find(ref) {
    try {
      const { body } = await this.client.post('/track', { body: { items: [ref] } });
      const item = body.items[0];
      if (!item) return null;
      return { ref, carrier: this.name, state: STATES[item.code], day: toDay(item.stamp) };
    } catch (err) {
      throw explain(this.name, err);
    }
  }

  /** The label as the printer wants it. */
  async label(ref) {
    const { body } = await this.client.get(`/labels/${ref}.zpl`, { json: false, encoding: null });
    return body;
  }
}

module.exports = { PostalCarrier };
