import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createRelay } from '../src/relay.js';

describe('relay', () => {
  let origin;
  let server;
  let busy = 2;

  before(async () => {
    server = http.createServer((req, res) => {
      req.resume();
      if (req.url === '/busy' && busy-- > 0) return res.writeHead(503).end();
      if (req.url === '/moved') return res.writeHead(307, { location: '/fine' }).end();
      if (req.url === '/refused') {
        res.writeHead(422, { 'content-type': 'application/json' });
        return res.end('{"error":"unknown event"}');
      }
      return res.writeHead(204).end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => server.close());

  async function deliver(path) {
    const relay = createRelay({ targets: [`${origin}${path}`], secret: 's', attempts: 3, pause: 1, hops: 2 });
    await relay.deliver('{}');
    await relay.close();
    return relay.ledger.entries()[0];
  }

  it('delivers', async () => {
    const entry = await deliver('/fine');
    assert.equal(entry.status, 204);
    assert.equal(entry.tries, 1);
  });

  it('tries again while the target is busy', async () => {
    const entry = await deliver('/busy');
    assert.equal(entry.ok, true);
    assert.equal(entry.tries, 3);
  });

  it('follows', async () => {
    assert.equal((await deliver('/moved')).status, 204);
  });

  it('keeps the reason of a refusal', async () => {
    const { target, ...entry } = await deliver('/refused');
    assert.deepEqual(entry, { ok: false, status: 422, reason: 'unknown event' });
  });

  it('keeps what the network said', async () => {
    const relay = createRelay({ targets: ['http://127.0.0.1:1/'], secret: 's', attempts: 1, pause: 1, hops: 0 });
    await relay.deliver('{}');
    assert.equal(relay.ledger.entries()[0].reason, 'ECONNREFUSED');
  });
});
