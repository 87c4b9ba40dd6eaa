const thunk = require('redux-thunk').default

function store(reduce, state) {
  const api = { dispatch: (action) => run(action), getState: () => state }
  const run = thunk(api)((action) => {
    state = reduce(state, action)
    return action
  })
  return api
}

module.exports = { store }
