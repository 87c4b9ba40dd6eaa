#!/usr/bin/env node
'use strict';

const { loadConfig } = require('../src/config');
const { createTracker } = require('../src');
const { renderTable } = require('../src/report');

async function main(argv) {
  const config = loadConfig(process.env);
  const tracker = createTracker(config);
  const rows = await tracker.lookup(argv);
  process.stdout.write(renderTable(rows) + '\n');
}

main(process.argv.slice(2)).catch((err) => {
  process.stderr.write(`parcel-watch: ${err.message}\n`);
  process.exitCode = 1;
});
