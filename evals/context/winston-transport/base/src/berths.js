class Berths {
  constructor(log) {
    this.log = log
    this.free = new Set([1, 2, 3])
  }

  take(harbour) {
    const [berth] = this.free
    if (berth === undefined) {
      this.log.error('no berth', { harbour })
      return undefined
    }
    this.free.delete(berth)
    this.log.info(`berth ${berth}`, { harbour })
    return berth
  }
}

module.exports = { Berths }
