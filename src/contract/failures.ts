import { DrydockError, type Failure, type FailureCode } from './failure.ts'

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

  // packages: broker, npm, prepare, update
  brokerRefused: (what: string) =>
    failure(
      'registry-not-allowed',
      `The package broker refused ${what}.`,
      'Only reads from the registries of your own package-manager configuration are served.',
    ),
  registryNotAllowed: (registry: string, setting?: string) =>
    failure(
      'registry-not-allowed',
      `The repository asks for packages from ${registry}, which your own configuration does not name.`,
      setting === undefined
        ? 'If you trust it, name it on this machine: `npm config set registry URL` or `npm config set @scope:registry URL`.'
        : `If you trust it, name it on this machine: \`${setting}\`.`,
    ),
  registryRedirected: (host: string) =>
    failure(
      'registry-not-allowed',
      `The registry redirected to ${host}, which your own configuration does not name.`,
      'Name a registry that serves its packages itself: `npm config set registry URL`.',
    ),
  specifierNotAllowed: (name: string, specifier: string, manifest: string) =>
    failure(
      'registry-not-allowed',
      `${manifest} takes ${name} from ${specifier}, which is not a registry.`,
      'Publish it to a registry that your npm configuration names, or move it into the workspace.',
    ),
  packageDenied: (subject: string) =>
    failure('registry-not-allowed', `${subject} is on the deny list.`, 'Choose another version.'),
  registryAnswerTooLarge: (subject: string, limit: number) =>
    failure(
      'install-failed',
      `The registry's answer for ${subject} is larger than ${Math.round(limit / 1_000_000)} MB and was cut off.`,
      'Check the registry; a package this large is not supported.',
    ),
  integrityMismatch: (subject: string, expected: string) =>
    failure(
      'integrity-mismatch',
      `The bytes of ${subject} do not match their integrity ${expected.slice(0, 32)}….`,
      'Check the lock file and the registry: one of them was changed.',
    ),
  registryUnreachable: (host: string, detail: string) =>
    failure(
      'registry-unreachable',
      `The registry ${host} cannot be reached (${detail.split('\n')[0]}).`,
      'Check the network, the proxy settings and `npm ping`, then try again.',
    ),
  registryAnswered: (status: number, subject: string, host: string) =>
    failure(
      'install-failed',
      `The registry ${host} answered ${status} for ${subject}.`,
      status === 401 || status === 403
        ? 'Log in to it with `npm login` on this machine.'
        : 'Check the name and the version.',
    ),
  /** A failure that the broker already named. */
  registry: (named: Failure) => new DrydockError(named),
  noSuchPackage: (name: string) =>
    failure('no-such-package', `The registry has no package ${name}.`, 'Check the name.'),
  noSuchVersion: (name: string, requested: string, latest: string) =>
    failure(
      'no-such-version',
      `${name} has no version that matches ${requested}.`,
      `Its latest version is ${latest}.`,
    ),
  notADependency: (name: string) =>
    failure(
      'not-a-dependency',
      `No manifest declares ${name}.`,
      '`drydock outdated` lists what can be updated.',
    ),
  notAVersion: (name: string, range: string) =>
    failure(
      'update-failed',
      `${name} is declared as ${range}, which is not a version of a registry.`,
      'Only registry versions can be updated.',
    ),
  updateFailed: (what: string, reason: string, detail: string) =>
    failure('update-failed', `${what}: ${reason}`, 'Update the packages named there together.', detail),
  installFailed: (reason: string, detail: string) =>
    failure(
      'install-failed',
      `The dependencies could not be installed: ${reason}`,
      'Check that an install from a clean clone works, then try again.',
      detail,
    ),
  unsupportedPackageManager: (what: string, next: string) => failure('unsupported-ecosystem', what, next),
  badManifest: (path: string, detail: string) =>
    failure('no-manifest', `${path} cannot be read: ${detail}`, `Correct ${path} and commit it.`),

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
