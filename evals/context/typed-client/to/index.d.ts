export interface ClientOptions {
  url: string
  timeoutMs?: number
  maxRetries?: number
  signal?: AbortSignal
}
export interface Entry {
  account: string
  amount: number
}
export interface Client {
  listEntries(account: string): Promise<Entry[]>
  close(): void
}
export function createClient(options: ClientOptions): Client
