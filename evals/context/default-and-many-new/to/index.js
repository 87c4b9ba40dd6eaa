exports.plan = (legs, options = {}) => ({ legs: options.sorted === true ? [...legs].sort() : legs, unit: options.unit ?? 'nm' })
exports.wind = () => 3
exports.current = () => 1
exports.sunrise = () => 6
exports.sunset = () => 18
exports.gale = () => false
exports.beaufort = () => 4
