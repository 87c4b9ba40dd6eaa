import { isRed, lacksJudge, needsWord, type Said, toAcknowledge } from './approval.ts'
import { isElsewhere } from './elsewhere.ts'
import type { DrydockError } from './failure.ts'
import { failures } from './failures.ts'
import { refusal, standingOf } from './following.ts'
import { doubt } from './proof.ts'
import type { SessionView } from './sessionView.ts'
import { isSettled } from './states/situation.ts'
import { shellWord } from './text.ts'

/** What stands between a session and its publication. */
export interface Obstacle {
  /** What publishing it says as things are. */
  readonly error: DrydockError
  /** The command line can say so that it is none any more. */
  readonly flagged?: true
  /** Only a person at a terminal or in the panel can take it on. */
  readonly asked?: true
}

const nothing: Said = { acknowledged: new Set(), withoutJudge: false, unverified: false }

/** What speaks against an approval, the first thing first: publishing, its preview and every "Next" go by it. */
export function againstApproval(view: SessionView, said: Said = nothing): readonly Obstacle[] {
  const given = saidOf(view, said)
  const { id, matrix, verdict, warnings } = view
  const known = new Set(warnings.map(({ code }) => code))
  const unknown = [...said.acknowledged].find((code) => !known.has(code))
  const hard = [
    ...stateOf(view),
    ...(unknown === undefined ? [] : [failures.noSuchWarning(id, unknown)]),
    ...(isRed(view) ? [failures.notGreen(id, matrix?.reasons ?? [])] : []),
    ...(verdict?.decision === 'veto' ? [failures.sessionState(id, 'vetoed', 'approved by the judge')] : []),
  ]
  // Where no word of a person helps, none is asked for.
  if (hard.length > 0) return hard.map((error) => ({ error }))
  const command = commandFor(view, said)
  return [
    ...unproven(view, given),
    ...(lacksJudge(view) && !given.withoutJudge
      ? [{ error: failures.notJudged(command), flagged: true as const }]
      : []),
    ...unticked(view, given, command),
  ]
}

/** All of it, with what would be said of an approved change. `hasRemote`: the repository has somewhere to push to by now. */
export function againstPublishing(view: SessionView, hasRemote: boolean, said?: Said): readonly Obstacle[] {
  const { id, refusedBase, task } = view
  const command = commandFor(view, said)
  return [
    ...againstApproval(view, said),
    ...(refusedBase === undefined ? [] : [{ error: failures.baseMoved(id, refusedBase) }]),
    ...(hasRemote || task.repository.remote !== undefined ? [] : [{ error: failures.noRemote(id, command) }]),
  ]
}

/** The command that publishes it, or what has to be done first. */
export function stepToPublish(view: SessionView, hasRemote: boolean): string {
  const all = againstPublishing(view, hasRemote)
  const first = all.find(({ flagged, asked }) => flagged === undefined && asked === undefined)
  if (first !== undefined) return first.error.failure.next
  const asked = all.some((one) => one.asked) ? ' at a terminal, which asks for your word' : ''
  return `${commandFor(view)}${asked}, or drydock reject ${view.id}`
}

/** With all that flags can say, what is said already included. */
function commandFor(view: SessionView, said: Said = nothing): string {
  const codes = new Set([...said.acknowledged, ...toAcknowledge(view).map(({ code }) => code)])
  const word = view.approval === null
  return [
    `drydock ${isElsewhere(view) ? 'approve' : 'publish'} ${view.id}`,
    ...(word && lacksJudge(view) ? ['--without-judge'] : []),
    ...(word ? [...codes].map((code) => `--acknowledge ${shellWord(code)}`) : []),
  ].join(' ')
}

/** What an approval said counts as said. */
function saidOf({ approval }: SessionView, said: Said): Said {
  if (approval === null) return said
  const { acknowledged, withoutJudge } = approval
  return { acknowledged: new Set(acknowledged), withoutJudge, unverified: true }
}

/** What no word of a person mends. */
function stateOf(view: SessionView): readonly DrydockError[] {
  const { id, imported, outcome, patch, task } = view
  if (imported !== undefined && !isElsewhere(view)) return [failures.importedSession(id)]
  if (outcome !== 'awaiting-review')
    return [failures.sessionState(id, outcome ?? 'running', 'awaiting review')]
  const not = refusal(id, 'publish', standingOf(view, isSettled(view)))
  if (not !== undefined) return [not]
  if (patch === null || patch.files.length === 0)
    return [failures.sessionState(id, 'without a change', 'one with a patch')]
  return task.repository.includeUncommitted ? [failures.dirtyNotCommitted()] : []
}

/** A person's word stands for a check that could prove nothing, never against one that failed or is to come. */
function unproven(view: SessionView, { unverified }: Said): readonly Obstacle[] {
  const { matrix } = view
  if (matrix === null || !needsWord(view) || unverified) return []
  const error = matrix.verified
    ? failures.notVerified([doubt(matrix), ...(matrix.notProven ?? [])], '')
    : failures.notVerified(matrix.reasons)
  return [{ error, asked: true }]
}

function unticked(view: SessionView, { acknowledged }: Said, command: string): readonly Obstacle[] {
  const codes = toAcknowledge(view)
    .map(({ code }) => code)
    .filter((code) => !acknowledged.has(code))
  return codes.length === 0
    ? []
    : [{ error: failures.warningsNotAcknowledged(codes, command), flagged: true }]
}
