import { type Failure, failure } from './failure.ts'

/** What goes wrong while a project's packages are resolved and installed. */
export const installFailures = {
  /** `next` follows the cause; without one, the log is all there is. */
  updateFailed: (what: string, reason: string, detail: string, next?: string) =>
    failure(
      'update-failed',
      `${what}: ${reason}`,
      next ?? 'Try the same update by hand with the package manager; its log is in the session.',
      detail,
    ),
  installFailed: (reason: string, detail: string, next?: string) =>
    failure(
      'install-failed',
      `The dependencies could not be installed: ${reason}`,
      next ?? 'Check that an install from a clean clone works, then try again.',
      detail,
    ),
  /** `needed` is the way from a manifest to the package, such as `package.json`, `tool@1.0.0`. */
  packageGone: (subject: string, host: string, needed: readonly string[] = [], detail?: string) =>
    failure(
      'package-gone',
      `The registry ${host} has no ${subject}${needed.length === 0 ? '' : `, which ${needed.join(' → ')} needs`}: this project cannot be installed here as it is.`,
      'If it is private, log in on this machine (`npm login`). If it is gone, replace it in the project; one that no check needs can be left out with --allow-missing.',
      detail,
    ),
  /** What an install could not get and the user would do without; `reason` says why that cannot be. */
  cannotLeaveOut: ({ code, message, detail }: Failure, reason: string) =>
    failure(
      code,
      message,
      `--allow-missing cannot leave it out: ${reason}. Serve it from a registry that this machine's configuration names, or move what needs it to a version that does without.`,
      detail,
    ),
  installTimedOut: (limitMs: number) =>
    failure(
      'timed-out',
      `The dependencies were not installed within ${Math.round(limitMs / 1000)} s.`,
      'Raise the setting installTimeoutMs, or check the registry.',
    ),
} as const
