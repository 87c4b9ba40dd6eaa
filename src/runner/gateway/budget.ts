import { failures } from '../../contract/failures.ts'

/** What a session may use; `tokens` counts all kinds. */
export interface BudgetLimits {
  readonly usd: number
  readonly tokens?: number
  readonly wallClockMs: number
}

export interface Amount {
  readonly usd: number
  readonly tokens: number
}

export interface Budget {
  /** Sets the worst case aside; throws `budget-exceeded` where it does not fit in what is left. */
  reserve(worst: Amount): { settle(actual: Amount): void }
  spent(): Amount
  /** Milliseconds left of the session's time, never negative. */
  timeLeftMs(): number
}

/** The budget of a session, from now on. `now` is in milliseconds, monotonic. */
export function createBudget(limits: BudgetLimits, now: () => number): Budget {
  const deadline = now() + limits.wallClockMs
  const spent = { usd: 0, tokens: 0 }
  const reserved = { usd: 0, tokens: 0 }
  const timeLeftMs = () => Math.max(0, deadline - now())

  function refuseWhereTooMuch(worst: Amount): void {
    if (timeLeftMs() === 0) throw failures.budgetExceeded('its time is up')
    const usdLeft = limits.usd - spent.usd - reserved.usd
    if (worst.usd > usdLeft) {
      throw failures.budgetExceeded(
        `it may cost up to $${worst.usd.toFixed(4)} and $${Math.max(0, usdLeft).toFixed(4)} of $${limits.usd} is left`,
      )
    }
    const tokensLeft = (limits.tokens ?? Number.POSITIVE_INFINITY) - spent.tokens - reserved.tokens
    if (worst.tokens > tokensLeft) {
      throw failures.budgetExceeded(
        `it may use ${worst.tokens} tokens and ${Math.max(0, tokensLeft)} are left`,
      )
    }
  }

  return {
    reserve(worst) {
      refuseWhereTooMuch(worst)
      reserved.usd += worst.usd
      reserved.tokens += worst.tokens
      return {
        settle(actual) {
          reserved.usd -= worst.usd
          reserved.tokens -= worst.tokens
          spent.usd += actual.usd
          spent.tokens += actual.tokens
        },
      }
    },
    spent: () => ({ ...spent }),
    timeLeftMs,
  }
}
