import type { Failure } from '../failure.ts'
import { failures } from '../failures.ts'
import { doubt } from '../proof.ts'
import type { SessionView } from '../sessionView.ts'
import type { Situation } from './situation.ts'
import { failed, stateOf } from './state.ts'

/** What stands in the way of trusting the session at all, each in a sentence; said at the top. */
export function alarmsOf(
  session: SessionView,
  situation: Situation,
  nextStep: (failure: Failure) => string,
): readonly string[] {
  const { failure, reason, verdict } = session
  const { life } = situation
  // What a patch under check was worth before says nothing of it now.
  if (life === 'queued' || life === 'running' || life === 'checking') return []
  const open = life === 'waiting'
  return [
    ...(failure === null ? [] : [`${failure.message} ${nextStep(failure)}`]),
    ...(failure === null && life === 'ended' && failed(stateOf(situation)) && reason !== null
      ? [reason]
      : []),
    ...notTaken(session, situation),
    ...unpublished(session, situation, nextStep),
    ...inTheWay(session, situation),
    ...halfDropped(session, situation),
    ...(open ? unproven(session, situation) : []),
    ...(open && situation.judge !== 'approves' ? [judgement(verdict)] : []),
  ]
}

function judgement(verdict: SessionView['verdict']): string {
  if (verdict === null) return 'Not judged: no judge was asked.'
  return `${verdict.decision === 'veto' ? 'Vetoed' : 'Not judged'}: ${verdict.summary}`
}

function halfDropped({ dropping }: SessionView, { life }: Situation): readonly string[] {
  if (life !== 'half-dropped' || dropping === undefined) return []
  return [
    `${dropping.join(', ')} was to be dropped, and what remains was never checked: drop it again, or take it back.`,
  ]
}

function unproven({ matrix }: SessionView, { checks }: Situation): readonly string[] {
  if (matrix === null || checks === 'none') return ['The checks did not run to their end.']
  const [reason = 'a check that passed on the base fails.'] = matrix.reasons
  const said = {
    tests: [],
    steps: [doubt(matrix)],
    red: [`Not green: ${reason}`],
    'not verified': [`Not verified: ${reason}`],
  }
  return said[checks]
}

/** An approval whose push or pull request did not come about; the session waits on. */
function unpublished(
  { id, stages, refusedBase }: SessionView,
  { life }: Situation,
  nextStep: (failure: Failure) => string,
): readonly string[] {
  const publish = stages.find(({ name }) => name === 'publish')
  if ((life !== 'waiting' && life !== 'pushed') || publish?.status !== 'failed') return []
  if (refusedBase !== undefined) {
    const { failure } = failures.baseMoved(id, refusedBase)
    return [`Not published: ${failure.message} ${nextStep(failure)}`]
  }
  return [`Publishing failed: ${publish.detail ?? 'see the timeline.'}`]
}

/** A person's word from another machine that did not hold. */
function notTaken({ refused }: SessionView, { life }: Situation): readonly string[] {
  if (refused === undefined || life !== 'waiting') return []
  const what = refused.verdict === 'approve' ? 'approval' : 'rejection'
  return [`The ${what} by ${refused.by} was not taken: ${refused.reason}`]
}

/** What keeps an open pull request from being merged, as its host told it. */
function inTheWay({ seen }: SessionView, { atHost }: Situation): readonly string[] {
  if (seen === undefined || atHost === undefined || atHost.bad.length === 0) return []
  const { failing } = seen.checks
  const names = failing.length === 0 ? '' : ` (${failing.join(', ')})`
  return [`The pull request: ${atHost.bad.join(', ')}${names}.`]
}
