const test = require('node:test')
const assert = require('node:assert')
const { routes } = require('../src/routes')

test('berth', () => assert.deepEqual(routes.berth('/berths/3'), { id: '3' }))
test('tide', () => assert.deepEqual(routes.tide('/tides/mon'), { day: 'mon', hour: undefined }))
test('file', () => assert.deepEqual(routes.file('/files/a/b'), { rest: 'a/b' }))
