function signal(horn, count) {
  for (let one = 0; one < count; one += 1) horn.blow(one)
  return horn.last()
}

module.exports = { signal }
