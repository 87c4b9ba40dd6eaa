exports.metres = (value, options = {}) => `${value.toFixed(options.digits ?? 2)}${options.space === false ? '' : ' '}m`
exports.parse = (text) => Number.parseFloat(text)
exports.feet = (value) => `${value} ft`
exports.fathoms = (value) => `${value} fm`
