const fs = require('fs');
const path = require('path');

function sizes(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, bytes: fs.statSync(path.join(folder, name)).size }));
}

module.exports = { sizes };
