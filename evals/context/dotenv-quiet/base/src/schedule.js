const { members } = require('./people')

const DAY = 86_400_000

function schedule({ team, size }, from, days) {
  const people = members(team)
  return Array.from({ length: days }, (_, index) => ({
    day: new Date(Date.parse(from) + index * DAY).toISOString().slice(0, 10),
    people: Array.from({ length: size }, (_, seat) => people[(index * size + seat) % people.length]),
  }))
}

module.exports = { schedule }
