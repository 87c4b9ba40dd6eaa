/** Resolves with the end of the tide. */
module.exports.ended = ({ watcher }) => new Promise((resolve) => watcher.on('end', resolve))
