export interface ClientOptions {
  url: string
  timeout?: number
  maxRetries?: number
}
export interface Entry {
  account: string
  amount: number
}
export interface Client {
  fetchAll(account: string): Promise<Entry[]>
  close(): void
}
export function createClient(options: ClientOptions): Client
