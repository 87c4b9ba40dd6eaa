/** A form of its own, which has nothing to do with the cache. */
class Form {
  constructor() {
    this.fields = {}
  }

  reset() {
    this.fields = {}
  }

  del(name) {
    delete this.fields[name]
  }
}

module.exports = { Form }
