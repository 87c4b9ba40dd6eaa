function parseArgs(argv) {
  const [name, ...rest] = argv
  const flags = {}
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '--json') flags.json = true
    else if (rest[i].startsWith('--')) flags[rest[i].slice(2)] = rest[++i]
  }
  return { name, flags }
}

module.exports = { parseArgs }
