const { parse } = require('./body')
const { send } = require('./send')

exports.router = function (stores) {
  const routes = [
    ['POST', /^\/bookmarks$/, function (req, match, done) {
      parse(req, function (err, body) {
        if (err) return done(err)
        stores.bookmarks.add(body, done)
      })
    }],
    ['GET', /^\/bookmarks\/(\w+)$/, function (req, match, done) {
      stores.bookmarks.find(match[1], done)
    }],
    ['DELETE', /^\/bookmarks\/(\w+)$/, function (req, match, done) {
      stores.bookmarks.remove(match[1], function (err, removed) {
        done(err, removed ? { removed } : null)
      })
    }],
    ['GET', /^\/tags\/([\w-]+)$/, function (req, match, done) {
      stores.tags.ids(match[1], function (err, ids) {
        if (err) return done(err)
        stores.bookmarks.list(ids, done)
      })
    }]
  ]

  return function (req, res) {
    for (const [method, path, handle] of routes) {
      const match = req.method === method && path.exec(req.url)
      if (match) return handle(req, match, send(res))
    }
    send(res)(null, null)
  }
}
