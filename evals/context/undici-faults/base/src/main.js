import { readConfig } from './config.js';
import { createRelay } from './relay.js';
import { createServer } from './server.js';

const config = readConfig();
const relay = createRelay(config);
const server = createServer(relay, config);

server.listen(config.port, () => {
  console.log(`relay listens on ${config.port}, ${config.targets.length} targets`);
});

process.on('SIGTERM', () => {
  server.close();
  relay.close();
});
