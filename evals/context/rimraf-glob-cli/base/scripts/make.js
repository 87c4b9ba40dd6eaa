const fs = require('node:fs')

fs.mkdirSync('out', { recursive: true })
fs.writeFileSync('out/a.map', '')
fs.writeFileSync('out/a.js', '')
