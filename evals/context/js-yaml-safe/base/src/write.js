function write(services, value) {
  const { yaml } = services
  return yaml.safeDump(value, { sortKeys: true })
}

module.exports = { write }
