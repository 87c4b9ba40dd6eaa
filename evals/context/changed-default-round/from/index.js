exports.metres = (value, options = {}) => `${value.toFixed(options.digits ?? 1)}${options.space === false ? '' : ' '}m`
exports.parse = (text) => Number.parseFloat(text)
