import type { SessionView } from '../../src/contract/sessionView.ts'
import type { Choice } from './choice.ts'

/** What a session says where nothing disturbs it. */
export interface Oracle {
  readonly outcome: SessionView['outcome']
  readonly green: boolean
  readonly digest: string | undefined
  readonly decision: string | undefined
  readonly peakMb: number
  readonly seconds: number
}

/** A session of a manager's project; what a decision is made on is one that was repaired. */
export type Scene = Pick<Choice, 'manager' | 'story'>

export const sceneOf = ({ manager, story }: Scene): string =>
  `${manager} ${story === 'decide' ? 'repair' : story}`
