const test = require('node:test')
const assert = require('node:assert')
const { icon } = require('../src/icons')
const { sheet } = require('../src/sheet')

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8"><desc>x</desc><path id="a" d="M0 0h8v8z"/></svg>'

test('keeps the view box', () => assert.match(sheet({ kiel: svg }), /viewBox="0 0 8 8"/))
