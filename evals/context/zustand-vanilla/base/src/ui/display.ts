import { total } from '../cart/totals.ts'
import { format } from '../money.ts'
import type { CartStore } from '../stores/cartStore.ts'

/** The customer's display shows the sum whenever it is another. */
export function connectDisplay(cart: CartStore, show: (text: string) => void): () => void {
  show(format(total(cart.getState())))
  return cart.subscribe((sum: number) => show(format(sum)), total)
}
