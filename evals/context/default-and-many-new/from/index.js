exports.plan = (legs, options = {}) => ({ legs: options.sorted === false ? legs : [...legs].sort(), unit: options.unit ?? 'nm' })
