const key = (tag, id) => `${tag}!${id}`

class Tags {
  constructor (level) {
    this.level = level
  }

  mark (id, tags, done) {
    this.level.batch(tags.map((tag) => ({ type: 'put', key: key(tag, id), value: id })), done)
  }

  unmark (id, tags, done) {
    this.level.batch(tags.map((tag) => ({ type: 'del', key: key(tag, id) })), done)
  }

  ids (tag, done) {
    this.level.values({ gt: `${tag}!`, lt: `${tag}"` }).all(done)
  }
}

module.exports = { Tags }
