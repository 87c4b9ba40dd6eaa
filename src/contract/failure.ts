import { z } from 'zod'

/** Every failure a person can see has one of these codes; documentation and tests name them. */
export const FailureCode = z.enum([
  'git-not-found',
  'not-a-repository',
  'empty-repository',
  'unsupported-repository',
  'dirty-not-committed',
  'no-manifest',
  'unsupported-ecosystem',
  'no-such-package',
  'no-such-version',
  'package-gone',
  'not-a-dependency',
  'update-failed',
  'version-pinned',
  'engine-not-found',
  'engine-refused',
  'engine-lost',
  'out-of-memory',
  'image-build-failed',
  'install-failed',
  'registry-not-allowed',
  'registry-unreachable',
  'integrity-mismatch',
  'no-key',
  'repair-needs-key',
  'repair-needs-model',
  'model-refused',
  'model-declined',
  'model-unavailable',
  'budget-exceeded',
  'agent-broken',
  'patch-refused',
  'disk-full',
  'protection-missing',
  'no-such-session',
  'session-busy',
  'session-state',
  'warnings-not-acknowledged',
  'not-verified',
  'not-judged',
  'approval-void',
  'no-remote',
  'push-failed',
  'base-moved',
  'signing-failed',
  'pull-request-failed',
  'no-collector',
  'collector-failed',
  'host-refused',
  'same-update-open',
  'nothing-to-follow',
  'bad-usage',
  'bad-config',
  'bad-log',
  'bad-evidence',
  'bad-archive',
  'bad-codemod',
  'not-distilled',
  'repository-unreachable',
  'bad-campaign',
  'no-such-campaign',
  'campaign-busy',
  'queue-unreachable',
  'needs-queue',
  'store-unreachable',
  'store-refused',
  'store-damaged',
  'cancelled',
  'timed-out',
  'internal',
])
export type FailureCode = z.infer<typeof FailureCode>

export const Failure = z.strictObject({
  code: FailureCode,
  /** One line: what happened. */
  message: z.string(),
  /** One line: what the person can do next. */
  next: z.string(),
  /** More text where it helps, such as the end of a log. */
  detail: z.string().optional(),
})
export type Failure = z.infer<typeof Failure>

/** The only error type that reaches a person; anything else is reported as `internal`. */
export class DrydockError extends Error {
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.message}`, options)
    this.name = 'DrydockError'
    this.failure = failure
  }
}

/** Any thrown value as a failure: what is not ours becomes `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof DrydockError) return error.failure
  const message = error instanceof Error ? textOf(error) : String(error)
  const detail = error instanceof Error ? error.stack : undefined
  return {
    code: 'internal',
    message: message.split('\n')[0] ?? 'unknown error',
    next: 'Report this with the output of `drydock doctor` and the session id.',
    ...(detail === undefined ? {} : { detail }),
  }
}

/** A value that does not fit its schema says where and why; its own message is a list in JSON. */
function textOf(error: Error): string {
  return error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : error.message
}

/** For the factories of `failures.ts`. */
export function failure(code: FailureCode, message: string, next: string, detail?: string): DrydockError {
  return new DrydockError({ code, message, next, ...(detail === undefined ? {} : { detail }) })
}
