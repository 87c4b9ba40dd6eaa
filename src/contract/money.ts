/** US dollars as they are written everywhere: `$0`, `< $0.01`, `$1.20`. */
export function money(usd: number): string {
  if (usd === 0) return '$0'
  return usd < 0.01 ? '< $0.01' : `$${usd.toFixed(2)}`
}
