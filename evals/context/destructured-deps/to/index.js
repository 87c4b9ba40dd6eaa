class Store {
  #all = new Map()
  set = (key, value) => void this.#all.set(key, value)
  get = (key) => this.#all.get(key)
  delete = (key) => this.#all.delete(key)
  get size() { return this.#all.size }
}
exports.Store = Store
exports.open = () => new Store()
