import type { Context } from './context'

export async function balance({ ledger }: Context, account: string): Promise<number> {
  const entries = await ledger.fetchAll(account)
  return entries.reduce((sum, { amount }) => sum + amount, 0)
}
