import { total } from './cart/totals.ts'
import { article } from './catalogue.ts'
import { createCart } from './stores/cartStore.ts'
import { createShift } from './stores/shiftStore.ts'
import { connectDisplay } from './ui/display.ts'
import { connectKitchen } from './ui/kitchen.ts'

export interface Devices {
  show(text: string): void
  order(codes: string[]): void
}

export function openTill(cashier: string, devices: Devices) {
  const cart = createCart()
  const shift = createShift(cashier)
  const disconnect = [connectDisplay(cart, devices.show), connectKitchen(cart, devices.order)]

  return {
    scan: (code: string) => cart.getState().add(article(code)),
    note: (text: string) => cart.getState().setNote(text),
    pay() {
      shift.getState().take(total(cart.getState()))
      cart.getState().clear()
      return shift.getState().taken
    },
    close() {
      for (const stop of disconnect) stop()
      cart.destroy()
      return { cashier: shift.getState().cashier, taken: shift.getState().taken }
    },
  }
}
