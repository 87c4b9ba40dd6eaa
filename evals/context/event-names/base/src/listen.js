function listen(station) {
  station.watcher.on('high-water', ({ harbour }) => station.seen.push(`high ${harbour}`))
  station.watcher.on('low-water', ({ harbour }) => station.seen.push(`low ${harbour}`))
}

module.exports = { listen }
