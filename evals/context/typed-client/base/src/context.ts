import { type Client, createClient } from 'ledger-client'

export interface Context {
  readonly ledger: Client
  readonly timeout: number
}

export function makeContext(url: string): Context {
  const timeout = 3000
  return { ledger: createClient({ url, timeout, maxRetries: 2 }), timeout }
}
