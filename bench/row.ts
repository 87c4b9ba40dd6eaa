/** One line of the table: what was measured, against which goal. */
export interface BenchRow {
  readonly what: string
  readonly value: number
  /** Such as `×`, `ms`, `s`, `kB`. */
  readonly unit: string
  /** As a person reads it, such as `≤ 1.3`; `none` where a figure is only shown. */
  readonly goal: string
  readonly ok: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
