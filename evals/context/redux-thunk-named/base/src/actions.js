const add = (by) => ({ type: 'add', by })
const addLater = (by) => async (dispatch) => dispatch(add(by))

module.exports = { add, addLater }
