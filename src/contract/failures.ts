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

  // logs
  unreadableLog: (file: string, detail: string) =>
    failure(
      'bad-log',
      `${file === '-' ? 'Standard input' : file} could not be read as a log: ${detail.split('\n')[0]}`,
      'Give a text file, one compressed with gzip, or - for standard input.',
      detail,
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
