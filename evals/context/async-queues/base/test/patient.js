const assert = require('assert')
const patient = require('../lib/patient')

describe('patient', function () {
  it('asks again', function (done) {
    let asked = 0
    const slow = function (url, next) {
      asked++
      setImmediate(next, asked < 3 ? new Error('starting') : null, 'page')
    }
    patient(slow, 3)('http://a.test/', function (err, bytes) {
      assert.ifError(err)
      assert.strictEqual(bytes, 'page')
      assert.strictEqual(asked, 3)
      done()
    })
  })
})
