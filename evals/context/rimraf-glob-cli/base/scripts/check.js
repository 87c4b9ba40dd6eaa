const fs = require('node:fs')

const maps = fs.readdirSync('out').filter((name) => name.endsWith('.map'))
if (maps.length > 0) throw new Error(`source maps are left: ${maps.join(', ')}`)
