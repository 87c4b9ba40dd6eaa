/** Forms have a validate of their own. */
class Form {
  validate(values) {
    return values.length > 0
  }
}

module.exports = { Form }
