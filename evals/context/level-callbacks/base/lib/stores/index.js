const { Level } = require('level')
const { Bookmarks } = require('./bookmarks')
const { Tags } = require('./tags')

exports.open = function (folder, done) {
  const db = new Level(folder, { valueEncoding: 'json' })
  db.open(function (err) {
    if (err) return done(err)
    const tags = new Tags(db.sublevel('tags', { valueEncoding: 'utf8' }))
    done(null, {
      tags,
      bookmarks: new Bookmarks(db.sublevel('bookmarks', { valueEncoding: 'json' }), tags),
      close: function (closed) { db.close(closed) }
    })
  })
}
