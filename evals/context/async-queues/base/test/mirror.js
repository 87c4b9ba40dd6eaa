const assert = require('assert')
const { mirror } = require('..')
const memoryStore = require('../lib/store')
const { line } = require('../lib/summary')

function site (pages) {
  return function (url, done) {
    const page = pages[url]
    setImmediate(function () {
      if (page === undefined) return done(new Error('not there'))
      done(null, Buffer.from(page))
    })
  }
}

describe('mirror', function () {
  const pages = {
    'http://a.test/': '<p>a</p>',
    'http://a.test/b.css': 'p{}',
    'http://a.test/c.html': 'gone'
  }

  it('fetches all that is there', function (done) {
    const store = memoryStore()
    mirror(Object.keys(pages).slice(0, 2), site(pages), store, {}, function (err, result) {
      if (err) return done(err)
      assert.deepStrictEqual([...store.files.keys()], ['a.test/index.html', 'a.test/b.css'])
      assert.strictEqual(line(result), '2 of 2')
      done()
    })
  })

  it('goes on after failures', function (done) {
    const urls = [...Object.keys(pages), 'http://a.test/none']
    mirror(urls, site(pages), memoryStore(), { concurrency: 2, attempts: 2 }, function (err, result) {
      if (err) return done(err)
      assert.deepStrictEqual(result.failed.sort(), [
        'http://a.test/c.html: no page: a.test/c.html',
        'http://a.test/none: not there'
      ])
      assert.strictEqual(result.busy, true)
      assert.strictEqual(line(result), '2 of 4, 2 failed')
      done()
    })
  })
})
