const yup = require('yup')

/** Metres, as a number or as `3.2 m`. */
class Draught extends yup.BaseSchema {
  constructor() {
    super({ type: 'draught' })
    this.withMutation((schema) => {
      schema.transform((value) => (typeof value === 'string' ? Number.parseFloat(value) : value))
    })
  }

  _typeCheck(value) {
    return typeof value === 'number' && value > 0
  }

  below(depth) {
    return this.test({ name: 'below', message: `not below ${depth}`, test: (value) => value < depth })
  }
}

module.exports = { draught: () => new Draught() }
