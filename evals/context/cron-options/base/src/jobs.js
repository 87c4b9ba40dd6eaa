const cron = require('node-cron')

class Jobs {
  #all = new Map()

  add(name, when, work) {
    if (!cron.validate(when)) throw new Error(`${name}: ${when} is no time`)
    const task = cron.schedule(when, work, { scheduled: false, timezone: 'Europe/Berlin' })
    this.#all.set(name, task)
    return task
  }

  start() {
    for (const task of this.#all.values()) task.start()
  }

  names() {
    return [...this.#all.keys()]
  }

  stop() {
    for (const task of this.#all.values()) task.stop()
  }
}

module.exports = { Jobs }
