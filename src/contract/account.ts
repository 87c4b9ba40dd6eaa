import type { AttemptView } from './sessionView.ts'

/** What an attempt of the agent said of its own work: claims, which nobody checked. */
export interface Account {
  readonly attempt: number
  readonly text: string
}

/** The accounts of a session's attempts, in their order. */
export function accountsOf(attempts: readonly AttemptView[]): readonly Account[] {
  return attempts.flatMap(({ attempt, account }) =>
    account === undefined ? [] : [{ attempt, text: account }],
  )
}
