function forget(context, id) {
  context.cache.del(`user:${id}`)
}

function remember(context, user) {
  context.cache.set(`user:${user.id}`, user)
}

function known({ cache }) {
  return cache.itemCount
}

module.exports = { forget, remember, known }
