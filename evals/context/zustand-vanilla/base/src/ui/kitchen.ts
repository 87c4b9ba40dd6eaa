import shallow from 'zustand/shallow'
import { codes } from '../cart/totals.ts'
import type { CartStore } from '../stores/cartStore.ts'

/** The kitchen hears of other articles only, not of one more of the same. */
export function connectKitchen(cart: CartStore, order: (codes: string[]) => void): () => void {
  return cart.subscribe(order, codes, shallow)
}
