exports.format = (parts) => parts.join(',')
