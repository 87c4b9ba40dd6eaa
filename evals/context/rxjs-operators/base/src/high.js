const { filter } = require('rxjs/operators/filter')
const { map } = require('rxjs/operators/map')

const high = (source, limit) => source.pipe(filter((height) => height > limit), map((height) => `${height} m`))

module.exports = { high }
