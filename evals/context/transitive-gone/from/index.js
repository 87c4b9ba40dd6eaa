exports.bundle = (names) => names.join('+')
