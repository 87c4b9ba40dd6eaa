let last

module.exports = {
  blow(one) {
    last = one
  },
  last: () => last,
}
