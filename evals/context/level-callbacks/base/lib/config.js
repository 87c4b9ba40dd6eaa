module.exports = function config (given) {
  return Object.assign({
    folder: process.env.BOOKMARKD_DATA || './data',
    host: '127.0.0.1',
    port: Number(process.env.PORT || 7070)
  }, given)
}
