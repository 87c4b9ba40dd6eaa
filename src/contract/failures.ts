import { DrydockError, type FailureCode } from './failure.ts'

function failure(code: FailureCode, message: string, next: string, detail?: string): DrydockError {
  return new DrydockError({ code, message, next, ...(detail === undefined ? {} : { detail }) })
}

/** One factory a failure: what happened, and what to do next. Sorted by the layer that raises them. */
export const failures = {
  // repository
  notARepository: (path: string) =>
    failure(
      'not-a-repository',
      `${path} is not inside a git repository.`,
      'Run `git init` and commit, or give --repo DIR.',
    ),
  emptyRepository: (path: string) =>
    failure(
      'empty-repository',
      `${path} has no commit yet.`,
      'Commit something first; a session starts from a commit.',
    ),

  // command line and configuration
  badUsage: (message: string) => failure('bad-usage', message, 'See `drydock --help`.'),
  badConfig: (file: string, detail: string) =>
    failure(
      'bad-config',
      `${file} is not valid: ${detail.split('\n')[0]}`,
      `Correct ${file} and commit it.`,
      detail,
    ),

  // model
  noKey: () =>
    failure(
      'no-key',
      'An agent turn is needed and no key for the model is set.',
      'Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN and run the command again.',
    ),
  modelRefused: (detail: string) =>
    failure(
      'model-refused',
      `The model's server refused the request: ${detail}`,
      'Check the key, the model and the base URL; `drydock doctor` tries them.',
    ),
  modelUnavailable: (detail: string) =>
    failure(
      'model-unavailable',
      `The model did not answer after all retries: ${detail}`,
      'Try again later; the session can be started anew.',
    ),
  budgetExceeded: (what: string) =>
    failure(
      'budget-exceeded',
      `The session's budget does not allow another model request: ${what}.`,
      'Raise the limit with --budget-usd or --max-turns, or in the settings.',
    ),
  agentBroken: (detail: string) =>
    failure(
      'agent-broken',
      `The agent's container broke off: ${detail}`,
      'Try again; if it repeats, report it with the output of `drydock doctor`.',
    ),

  // any
  cancelled: () => failure('cancelled', 'Cancelled.', 'Run the command again to start a new session.'),
  internal: (message: string, detail?: string) =>
    failure(
      'internal',
      message,
      'Report this with the output of `drydock doctor` and the session id.',
      detail,
    ),
} as const
