class Store {
  #all = new Map()
  put = (key, value) => void this.#all.set(key, value)
  fetch = (key) => this.#all.get(key)
  remove = (key) => this.#all.delete(key)
  get length() { return this.#all.size }
}
exports.Store = Store
exports.open = () => new Store()
