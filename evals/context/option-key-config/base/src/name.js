module.exports.name = 'index'
