export class Store {
  set(key: string, value: unknown): void
  get(key: string): unknown
  delete(key: string): boolean
  readonly size: number
}
export function open(path: string): Store
