const { idOf } = require('../ids')

class Bookmarks {
  constructor (level, tags) {
    this.level = level
    this.tags = tags
  }

  find (id, done) {
    this.level.get(id, function (err, bookmark) {
      if (err && err.code === 'LEVEL_NOT_FOUND') return done(null, null)
      if (err) return done(err)
      done(null, bookmark)
    })
  }

  /** Adds, or counts one visit more of what is there. */
  add (given, done) {
    const id = idOf(given.url)
    this.find(id, (err, old) => {
      if (err) return done(err)
      const bookmark = { id, url: given.url, tags: given.tags || [], visits: old ? old.visits + 1 : 0 }
      this.level.put(id, bookmark, (err) => {
        if (err) return done(err)
        this.tags.mark(id, bookmark.tags, function (err) {
          done(err, bookmark)
        })
      })
    })
  }

  list (ids, done) {
    this.level.getMany(ids, function (err, found) {
      if (err) return done(err)
      done(null, found.filter(Boolean))
    })
  }

  remove (id, done) {
    this.find(id, (err, bookmark) => {
      if (err) return done(err)
      if (!bookmark) return done(null, false)
      this.level.del(id, (err) => {
        if (err) return done(err)
        this.tags.unmark(id, bookmark.tags, function (err) {
          done(err, true)
        })
      })
    })
  }
}

module.exports = { Bookmarks }
