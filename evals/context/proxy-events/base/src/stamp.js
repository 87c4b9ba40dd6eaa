function stamp(answer) {
  answer.headers['x-by'] = 'tide'
}

module.exports = { stamp }
