import create from 'zustand/vanilla'
import type { Cents } from '../money.ts'

export interface ShiftState {
  readonly cashier: string
  readonly taken: Cents
  take(amount: Cents): void
}

export function createShift(cashier: string) {
  return create<ShiftState>((set) => ({
    cashier,
    taken: 0,
    take: (amount) => set(({ taken }) => ({ taken: taken + amount })),
  }))
}
