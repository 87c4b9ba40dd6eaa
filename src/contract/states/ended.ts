import type { FailureCode } from '../failure.ts'
import type { SessionView } from '../sessionView.ts'
import type { StateName } from './words.ts'

/**
 * What of a model was missing: the key, where a break was found (`repair-key`) or an agent is needed from the first step
 * (`start-key`), or an answer, before any was given.
 */
export type Lack = 'repair-key' | 'start-key' | 'answer'

const lacking: Partial<Record<FailureCode, Lack>> = {
  'repair-needs-key': 'repair-key',
  'no-key': 'start-key',
  'repair-needs-model': 'answer',
}

export function lackOf({ outcome, failure }: SessionView): Lack | undefined {
  return outcome === null || outcome === 'awaiting-review' || failure === null
    ? undefined
    : lacking[failure.code]
}

/** The state of a session that ended for want of a model. */
export const ofLack = {
  'repair-key': 'needs-key',
  'start-key': 'no-key',
  answer: 'needs-model',
} as const satisfies Readonly<Record<Lack, StateName>>

/** What a session came to, by the name that every list has for it, but for one that waits for a person. */
export function endOf(session: SessionView): StateName | 'awaiting-review' {
  const lacks = lackOf(session)
  return lacks === undefined ? (session.outcome ?? 'running') : ofLack[lacks]
}
