/** What `vscode.Disposable` is, for parts that do without the editor. */
export interface Disposable {
  dispose(): void
}

export function disposeAll(all: readonly Disposable[]): Disposable {
  return { dispose: () => all.forEach((one) => void one.dispose()) }
}

/** Listeners of one kind of change. */
export interface Listeners<Value> {
  add(listener: (value: Value) => void): Disposable
  tell(value: Value): void
  readonly size: number
}

export function createListeners<Value>(): Listeners<Value> {
  const all = new Set<(value: Value) => void>()
  return {
    add(listener) {
      all.add(listener)
      return { dispose: () => void all.delete(listener) }
    },
    tell: (value) => [...all].forEach((listener) => void listener(value)),
    get size() {
      return all.size
    },
  }
}
