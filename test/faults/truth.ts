import type { FailureCode } from '../../src/contract/failure.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import type { Choice, Fault } from './choice.ts'
import type { Oracle } from './scene.ts'

/** Names that are true of what was done to a session; none where nothing but a delay was. */
function namesOf(fault: Fault): readonly FailureCode[] {
  switch (fault.kind) {
    case 'container':
      return fault.act === 'pause' ? [] : ['engine-lost', 'agent-broken']
    case 'engine':
      return fault.act === 'stop' ? [] : ['engine-lost', 'engine-not-found']
    case 'disk':
      return ['disk-full']
    case 'peer':
      if (fault.of === 'model') return ['model-unavailable', 'model-refused', 'repair-needs-model']
      return fault.of === 'registry'
        ? ['registry-unreachable', 'install-failed', 'update-failed', 'integrity-mismatch', 'package-gone']
        : []
    default:
      return []
  }
}

const endedBy: Partial<Record<string, SessionView['outcome']>> = {
  kill: 'interrupted',
  terminate: 'cancelled',
  cancel: 'cancelled',
}

/**
 * Why a session's end is not true of what happened to it; undefined where it is: the undisturbed end, or a worse one by
 * the name of what was done.
 */
export function untrue(
  view: SessionView,
  oracle: Oracle,
  choice: Choice,
  happened: boolean,
): string | undefined {
  const { outcome, failure, matrix, verdict, patch } = view
  const said = `${outcome}${failure === undefined || failure === null ? '' : ` ${failure.code}: ${failure.message}`}`
  const same = outcome === oracle.outcome && (matrix?.green === true) === oracle.green
  if (same && oracle.outcome === 'awaiting-review' && patch?.digest !== oracle.digest)
    return `${said}, with another patch`
  if (same && verdict?.decision === oracle.decision) return undefined
  if (!happened) return `${said}, and nothing had happened to it; ${view.reason}`
  const { fault } = choice
  if (same && verdict?.decision === 'not-judged' && fault.kind === 'peer' && fault.of === 'model')
    return undefined
  if (fault.kind === 'runner' && outcome === endedBy[fault.act]) return undefined
  if (fault.kind === 'peer' && fault.trouble === 'silent' && fault.lasts && outcome === 'cancelled')
    return undefined
  if (failure && isNamedEnd(view) && namesOf(fault).includes(failure.code)) return undefined
  return `${said}; ${view.reason}`
}

const ofModel: ReadonlySet<string> = new Set(['model-unavailable', 'model-refused'])

/**
 * For want of a model a session is red as the update left it, and goes on from there; one whose model is lost in the
 * middle of its work is interrupted.
 */
function isNamedEnd({ outcome, failure }: SessionView): boolean {
  const code = failure?.code ?? ''
  if (outcome === 'verification-failed') return code === 'repair-needs-model'
  return outcome === 'setup-failed' || (outcome === 'interrupted' && ofModel.has(code))
}

/** The same of a session that never began: what the command said last. */
export function untrueWords(stderr: string, choice: Choice): string | undefined {
  const code = /^([a-z]+(?:-[a-z]+)*): /m.exec(stderr)?.[1]
  const { fault } = choice
  if (fault.kind === 'runner' && (fault.act === 'kill' || code === 'cancelled')) return undefined
  return namesOf(fault).some((name) => name === code) ? undefined : `no session, and: ${stderr.slice(0, 500)}`
}
