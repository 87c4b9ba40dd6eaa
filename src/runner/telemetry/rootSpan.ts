import type { Outcome } from '../../contract/events.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { taskTitle } from '../../contract/task.ts'
import { common, genAi, langfuse, mlflow, openInference } from './conventions.ts'
import { type Attributes, kindAttributes, known, type SpanEvent, spanId, type TraceSpan } from './span.ts'

export interface RootOptions {
  readonly content: boolean
  readonly runner: string
}

/** Outcomes that a person chose, or that are none of a fault. */
const status: Readonly<Record<Outcome, TraceSpan['status']>> = {
  'awaiting-review': 'ok',
  published: 'ok',
  merged: 'ok',
  'up-to-date': 'ok',
  rejected: 'unset',
  closed: 'unset',
  cancelled: 'unset',
  vetoed: 'error',
  'verification-failed': 'error',
  'turn-limit': 'error',
  'cannot-repair': 'error',
  'budget-exceeded': 'error',
  interrupted: 'error',
  'setup-failed': 'error',
}

/** The session as a whole, as it stands now: the span that completes its trace. */
export function rootSpan(view: SessionView, events: readonly SpanEvent[], options: RootOptions): TraceSpan {
  const { id, task, outcome } = view
  const state = outcome === null ? 'unset' : status[outcome]
  return {
    id: spanId(id, 'session'),
    kind: 'session',
    name: `drydock ${task.kind}`,
    startMs: Date.parse(view.createdAt),
    endMs: Date.parse(view.updatedAt),
    status: state,
    attributes: {
      ...kindAttributes('session', id),
      [genAi.conversation]: id,
      [langfuse.sessionId]: id,
      [langfuse.release]: options.runner,
      ...(state === 'error' ? { [common.errorType]: view.failure?.code ?? outcome ?? 'unknown' } : {}),
      ...named(view, options),
      ...figures(view),
    },
    events,
  }
}

/** By what sessions are told apart and counted together: as attributes here, as tags over there. */
function named(view: SessionView, { content, runner }: RootOptions): Attributes {
  const { task, outcome } = view
  // The words of a prompted task are a person's.
  const title = task.kind === 'dependency-update' || content ? taskTitle(task) : `A ${task.kind}`
  const update = task.kind === 'dependency-update' ? task : undefined
  const keys = known({
    session: view.id,
    kind: task.kind,
    outcome: outcome ?? undefined,
    runner,
    model: task.settings.model,
    ecosystem: update?.ecosystem,
    package: update?.package,
    requested: update?.requested,
    from: view.from ?? undefined,
    to: view.to ?? undefined,
    retry_of: task.retry?.of,
    prompt_hash: view.verdict?.promptHash,
  })
  const each = Object.entries(keys).map(([key, value]) => [key, String(value)] as const)
  // Lists of traces show these; the reason may quote a judge or a person.
  const said = content ? view.reason : null
  return {
    [openInference.input]: title,
    ...(outcome === null ? {} : { [openInference.output]: said === null ? outcome : `${outcome}: ${said}` }),
    [langfuse.traceName]: title,
    [mlflow.tag(mlflow.traceName)]: title,
    [langfuse.tags]: ['drydock', task.kind, ...(outcome === null ? [] : [outcome])],
    ...Object.fromEntries(
      each.flatMap(([key, value]) => [
        [`drydock.${key}`, value],
        [mlflow.tag(`drydock.${key}`), value],
        [langfuse.metadata(key), value],
      ]),
    ),
  }
}

function figures({ attempts, turns, costUsd, usage, modelRetries, warnings }: SessionView): Attributes {
  return {
    'drydock.attempts': attempts.length,
    'drydock.turns': turns,
    'drydock.model_retries': modelRetries,
    'drydock.warnings': warnings.length,
    'drydock.cost.total_usd': costUsd,
    'drydock.tokens.total':
      usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
  }
}
