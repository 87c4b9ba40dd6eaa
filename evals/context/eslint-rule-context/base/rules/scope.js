/** Variables of a program and of its module. */
function declared(context) {
  const scope = context.getScope()
  const module = scope.childScopes.find(({ type }) => type === 'module')
  return [...scope.variables, ...(module ? module.variables : [])]
}

/** Names of what stands around a node. */
function around(context) {
  return context.getAncestors().map(({ type }) => type)
}

module.exports = { declared, around }
