/** A share with the 95 % interval of Wilson (1927), which holds for few cases and for shares near 0 and 1, too. */
export interface Share {
  readonly part: number
  readonly whole: number
  /** Null where there is nothing to divide by; so are the bounds. */
  readonly rate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Quantile of the normal distribution for 95 %, two-sided. */
export const z95 = 1.959_963_984_540_054

export function shareOf(part: number, whole: number): Share {
  if (whole === 0) return { part, whole, rate: null, low: null, high: null }
  const rate = part / whole
  const square = z95 ** 2
  const middle = (rate + square / (2 * whole)) / (1 + square / whole)
  const spread =
    (z95 / (1 + square / whole)) * Math.sqrt((rate * (1 - rate)) / whole + square / (4 * whole ** 2))
  // Rounding must not let the bounds of none and of all miss 0 and 1.
  const low = part === 0 ? 0 : Math.max(0, middle - spread)
  const high = part === whole ? 1 : Math.min(1, middle + spread)
  return { part, whole, rate, low, high }
}
