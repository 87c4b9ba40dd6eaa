const test = require('node:test')
const assert = require('node:assert')

test('dev', () => assert.equal(require('../config/dev').mode, 'development'))
test('prod', () => assert.deepEqual(require('../config/prod').module, { rules: [1] }))
