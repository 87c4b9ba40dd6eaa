'use strict';

const http = require('node:http');

function readJson(request) {
  return new Promise((resolve) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => resolve(text === '' ? undefined : JSON.parse(text)));
  });
}

async function startCarriers() {
  const seen = [];
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://carriers');
    const body = await readJson(request);
    seen.push({ method: request.method, path: url.pathname, body });
    const answer = (status, json) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    };
    if (url.pathname === '/v2/shipments') {
      const ref = url.searchParams.get('ref');
      if (ref === 'NC404') return answer(404, { message: 'no such shipment' });
      if (ref === 'NC500') return answer(500, { message: 'depot is down' });
      return answer(200, { events: [{ state: 'moving', at: '2023-04-05T10:00:00Z' }] });
    }
    if (url.pathname === '/v2/hooks') return answer(200, { id: `hook-${body.ref}` });
    if (url.pathname === '/track') return answer(200, { items: [{ code: 30, stamp: 1680000000000 }] });
    if (url.pathname.startsWith('/labels/')) {
      response.writeHead(200);
      return response.end(Buffer.from([94, 88, 65, 255]));
    }
    return answer(401, {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, seen, close: () => server.close() };
}

module.exports = { startCarriers };
