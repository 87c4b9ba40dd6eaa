import type { Cents } from './money.ts'

export interface Article {
  readonly code: string
  readonly title: string
  readonly price: Cents
}

const articles: readonly Article[] = [
  { code: '100', title: 'Coffee', price: 280 },
  { code: '101', title: 'Tea', price: 240 },
  { code: '200', title: 'Cake', price: 350 },
]

export function article(code: string): Article {
  const found = articles.find((one) => one.code === code)
  if (!found) throw new Error(`No article ${code}`)
  return found
}
