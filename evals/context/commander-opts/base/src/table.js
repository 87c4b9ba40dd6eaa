function table(program) {
  const depth = Number(program.depth)
  return `${program.harbour}: ${depth} m`
}

module.exports = { table }
