function load({ store }, key) {
  const value = store.fetch(key)
  if (value === undefined) throw new Error(`no ${key} among ${store.length}`)
  return value
}

async function remote(url) {
  const answer = await fetch(url)
  return answer.text()
}

module.exports = { load, remote }
