module.exports = {
  day: require('./day'),
  week: require('./week'),
}
