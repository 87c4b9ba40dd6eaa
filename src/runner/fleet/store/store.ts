/** One object of a store. */
export interface Stored {
  /** Below the store's own place, parts separated by slashes. */
  readonly name: string
  readonly bytes: number
  /** When it was put there, ISO, UTC. */
  readonly at: string
}

/**
 * What the machines of a fleet share: whole objects by name. An object appears whole or not at all, and whoever puts one
 * of a name again replaces it. Each call has a time limit and throws `store-unreachable` or `store-refused`.
 */
export interface SharedStore {
  /** For people; without credentials. */
  readonly where: string
  put(name: string, bytes: Buffer): Promise<void>
  /** Undefined where there is none. One of more than `maxBytes` is `store-damaged`: none that we put is as large. */
  get(name: string, maxBytes: number): Promise<Buffer | undefined>
  /** Objects whose names begin so, in the order of their names. */
  list(prefix: string): Promise<readonly Stored[]>
  /** Does nothing where there is none. */
  delete(name: string): Promise<void>
}
