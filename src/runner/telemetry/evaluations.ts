import type { Event, Outcome } from '../../contract/events.ts'
import { badges, proofLine, standing } from '../../contract/proof.ts'
import type { Matrix } from '../../contract/report.ts'
import type { Criterion, Verdict } from '../../contract/verdict.ts'
import { evaluation } from './conventions.ts'
import type { SpanEvent } from './span.ts'

/** What somebody or something made of a session; one of a name, and a later one takes its place. */
export interface Assessment {
  readonly name: string
  readonly source: 'LLM_JUDGE' | 'CODE' | 'HUMAN'
  /** Which judge, program or person. */
  readonly sourceId: string
  readonly value: string | boolean
  readonly rationale: string
  readonly atMs: number
}

export interface EvaluationOptions {
  /** The words of models and people may leave this machine; else only what Drydock itself says. */
  readonly content: boolean
  /** Name and version of the runner. */
  readonly runner: string
}

/** What an event says of the session's worth; empty for most. */
export function assessmentsOf(event: Event, options: EvaluationOptions): readonly Assessment[] {
  const atMs = Date.parse(event.time)
  switch (event.type) {
    case 'verdict.given':
      return ofJudge(event.verdict, atMs, options)
    case 'matrix.made':
    case 'base.taken':
      return [ofChecks(event.matrix, atMs, options)]
    case 'patch.restored':
      return [
        ...(event.verdict === null ? [] : ofJudge(event.verdict, atMs, options)),
        ...(event.matrix === null ? [] : [ofChecks(event.matrix, atMs, options)]),
      ]
    case 'review.approved':
      return [approved(event, atMs)]
    case 'session.finished':
      return decided(event.outcome, event.reason, atMs, options)
    default:
      return []
  }
}

function ofJudge(verdict: Verdict, atMs: number, { content }: EvaluationOptions): readonly Assessment[] {
  const { decision, criteria, summary, model = 'unknown', samples } = verdict
  // Where no judge was asked, nothing was judged.
  if (decision === 'not-judged') return []
  const common = { source: 'LLM_JUDGE', sourceId: model, atMs } as const
  const named = Object.entries(criteria ?? {}) as [Criterion, { pass: boolean; reason: string }][]
  const failed = named.filter(([, { pass }]) => !pass).map(([name]) => name)
  const short = `${failed.length === 0 ? 'No criterion failed' : `Failed: ${failed.join(', ')}`}; asked ${samples === 1 ? 'once' : `${samples} times`}.`
  return [
    { ...common, name: 'judge', value: decision, rationale: content ? summary : short },
    ...named.map(([name, { pass, reason }]) => ({
      ...common,
      name: `judge.${name}`,
      value: pass,
      rationale: content ? reason : `${name}: ${pass ? 'passed' : 'failed'}.`,
    })),
  ]
}

function ofChecks(matrix: Matrix, atMs: number, { content, runner }: EvaluationOptions): Assessment {
  const counts = Object.entries(matrix.counts).filter(([, count]) => count > 0)
  const counted = counts.map(([label, count]) => `${count} ${label}`).join(', ')
  const line = content ? proofLine(matrix) : ''
  const parts = [counted === '' ? 'no test was counted' : `tests: ${counted}`, ...(line === '' ? [] : [line])]
  return {
    name: 'checks',
    source: 'CODE',
    sourceId: runner,
    value: badges[standing(matrix)],
    rationale: `${parts.join('; ')}.`,
    atMs,
  }
}

function approved(event: Extract<Event, { type: 'review.approved' }>, atMs: number): Assessment {
  const { acknowledged, withoutJudge, unverified, digest } = event
  // Without what they are about: that may be a path.
  const kinds = [...new Set(acknowledged.map((code) => code.split(':')[0]))]
  const taken = [
    ...(kinds.length === 0 ? [] : [`acknowledged ${acknowledged.length}: ${kinds.join(', ')}`]),
    ...(withoutJudge ? ['without a judge'] : []),
    ...(unverified === true ? ['although the checks prove nothing'] : []),
  ]
  const rationale = [`Patch ${digest.slice(0, 12)}`, ...taken].join('; ')
  return { name: 'decision', source: 'HUMAN', sourceId: 'reviewer', value: 'approved', rationale, atMs }
}

function decided(
  outcome: Outcome,
  reason: string,
  atMs: number,
  { content }: EvaluationOptions,
): readonly Assessment[] {
  const common = { source: 'HUMAN', value: outcome, atMs } as const
  if (outcome === 'rejected') {
    const rationale = content ? reason : 'A reviewer rejected it.'
    return [{ ...common, name: 'decision', sourceId: 'reviewer', rationale }]
  }
  if (outcome !== 'merged' && outcome !== 'closed') return []
  const rationale = `The pull request was ${outcome === 'merged' ? 'merged' : 'closed without being merged'}.`
  return [{ ...common, name: 'pull_request', sourceId: 'host', rationale }]
}

/** The same beside the span it is about. */
export function evaluationEvent({ name, value, rationale, atMs }: Assessment): SpanEvent {
  return {
    name: evaluation.event,
    atMs,
    attributes: {
      [evaluation.name]: name,
      [evaluation.label]: typeof value === 'string' ? value : value ? 'pass' : 'fail',
      ...(typeof value === 'string' ? {} : { [evaluation.value]: value ? 1 : 0 }),
      [evaluation.explanation]: rationale,
    },
  }
}
