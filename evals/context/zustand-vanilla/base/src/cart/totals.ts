import type { Cents } from '../money.ts'
import type { CartState } from '../stores/cartStore.ts'

export function total({ lines }: Pick<CartState, 'lines'>): Cents {
  return lines.reduce((sum, line) => sum + line.count * line.article.price, 0)
}

export function codes({ lines }: Pick<CartState, 'lines'>): string[] {
  return lines.map((line) => line.article.code)
}
