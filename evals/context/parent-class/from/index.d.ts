export class Channel {
  constructor(name: string)
  open(): void
  close(): void
  push(text: string): number
  flush(): Promise<void>
}
export function channel(name: string): Channel
