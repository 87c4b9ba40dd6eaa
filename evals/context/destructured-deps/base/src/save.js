function save(deps, key, value) {
  const { put } = deps.store
  put(key, value)
  deps.list.push(key)
  return deps.list.length
}

module.exports = { save }
