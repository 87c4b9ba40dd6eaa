import create, { type StoreApi } from 'zustand/vanilla'
import type { Article } from '../catalogue.ts'

export interface Line {
  readonly article: Article
  readonly count: number
}

export interface CartState {
  readonly lines: readonly Line[]
  readonly note: string
  add(article: Article): void
  setNote(note: string): void
  clear(): void
}

export type CartStore = StoreApi<CartState>

export function createCart(): CartStore {
  return create<CartState>((set) => ({
    lines: [],
    note: '',
    add: (article) =>
      set(({ lines }) => {
        const known = lines.find((line) => line.article.code === article.code)
        if (!known) return { lines: [...lines, { article, count: 1 }] }
        return { lines: lines.map((line) => (line === known ? { ...line, count: line.count + 1 } : line)) }
      }),
    setNote: (note) => set({ note }),
    clear: () => set({ lines: [], note: '' }),
  }))
}
