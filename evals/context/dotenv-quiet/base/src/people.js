const teams = {
  night: ['Ana', 'Bo', 'Cy', 'Di'],
  day: ['Ed', 'Flo', 'Gus', 'Hana', 'Ivo'],
}

function members(team) {
  if (!teams[team]) throw new Error(`no team ${team}`)
  return teams[team]
}

module.exports = { members }
