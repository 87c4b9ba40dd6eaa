exports.parse = (text) => text.split(',')
exports.format = (parts) => parts.join(',')
