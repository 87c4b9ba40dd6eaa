const { EventEmitter } = require('node:events')
exports.watch = (harbour) => {
  const watcher = new EventEmitter()
  setImmediate(() => watcher.emit('high', { harbour }))
  setImmediate(() => watcher.emit('end'))
  return watcher
}
