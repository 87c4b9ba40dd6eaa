function run(service, name) {
  service.runs += 1
  service.log.info('run %s', name)
}

module.exports = { run }
