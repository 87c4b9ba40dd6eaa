import { createChannel } from './delivery/channel.js';
import { Ledger } from './delivery/ledger.js';
import { withRetries } from './delivery/retries.js';
import { sign } from './signature.js';

export function createRelay({ targets, secret, attempts, pause, hops }) {
  const channel = createChannel({ hops });
  const ledger = new Ledger();

  async function deliverTo(target, body) {
    const headers = { 'content-type': 'application/json', 'x-signature': sign(secret, body) };
    try {
      const { value, tries } = await withRetries(() => channel.post(target, body, headers), { attempts, pause });
      ledger.delivered(target, value, tries);
    } catch (error) {
      ledger.failed(target, error);
    }
  }

  return {
    ledger,
    deliver: (body) => Promise.all(targets.map((target) => deliverTo(target, body))),
    close: () => channel.close(),
  };
}
