import type { Context } from './context'

export async function lines(context: Context, accounts: string[]): Promise<string[]> {
  const all = await Promise.all(accounts.map((account) => context.ledger.fetchAll(account)))
  context.ledger.close()
  return all.flat().map(({ account, amount }) => `${account}: ${amount}`)
}
