export type EventName = 'high' | 'low' | 'end'
export interface Watcher {
  on(event: 'high' | 'low', listener: (tide: { harbour: string }) => void): this
  on(event: 'end', listener: () => void): this
}
export function watch(harbour: string): Watcher
