export type EventName = 'high-water' | 'low-water' | 'end'
export interface Watcher {
  on(event: 'high-water' | 'low-water', listener: (tide: { harbour: string }) => void): this
  on(event: 'end', listener: () => void): this
}
export function watch(harbour: string): Watcher
