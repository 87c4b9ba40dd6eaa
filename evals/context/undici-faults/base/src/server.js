import http from 'node:http';
import { text } from 'node:stream/consumers';
import { verify } from './signature.js';

export function createServer(relay, { secret }) {
  return http.createServer(async (req, res) => {
    if (req.method === 'GET' && req.url === '/deliveries') {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(relay.ledger.entries()));
      return;
    }
    if (req.method !== 'POST') {
      res.writeHead(405).end();
      return;
    }
    const body = await text(req);
    if (!verify(secret, body, req.headers['x-signature'])) {
      res.writeHead(403).end();
      return;
    }
    res.writeHead(202).end();
    await relay.deliver(body);
  });
}
