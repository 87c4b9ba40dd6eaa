#!/usr/bin/env node
const path = require('node:path')
const config = require(path.resolve('deckbuild.config.js'))
for (const key of Object.keys(config)) if (!['entry', 'outDir', 'sourcemaps'].includes(key)) throw new Error(`deckbuild.config.js: unknown key ${key}`)
console.log(require('./index').build(config))
