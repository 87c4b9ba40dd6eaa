export class Store {
  put(key: string, value: unknown): void
  fetch(key: string): unknown
  remove(key: string): boolean
  readonly length: number
}
export function open(path: string): Store
