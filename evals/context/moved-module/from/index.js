exports.berth = (id) => ({ id })
