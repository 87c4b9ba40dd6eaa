import { arrivalFailures } from './arrivalFailures.ts'
import { engineFailures } from './engineFailures.ts'
import { evidenceFailures } from './evidenceFailures.ts'
import { DrydockError, type Failure, failure } from './failure.ts'
import { fleetFailures } from './fleetFailures.ts'
import { hostFailures } from './hostFailures.ts'
import { installFailures } from './installFailures.ts'
import { modelFailures } from './modelFailures.ts'
import { placeFailures } from './placeFailures.ts'
import { publishFailures } from './publishFailures.ts'
import { sessionFailures } from './sessionFailures.ts'
import { storeFailures } from './storeFailures.ts'
import { telemetryFailures } from './telemetryFailures.ts'

/** One factory a failure: what happened, and what to do next. Sorted by the layer that raises them. */
export const failures = {
  // repository
  notARepository: (path: string) =>
    failure(
      'not-a-repository',
      `${path} is not inside a git repository.`,
      'Run `git init` and commit, or give --repo DIR.',
    ),
  noFolderOpen: () => failure('no-manifest', 'No folder is open.', 'Open a folder with a git repository.'),
  emptyRepository: (path: string) =>
    failure(
      'empty-repository',
      `${path} has no commit yet.`,
      'Commit something first; a session starts from a commit.',
    ),
  unsupportedRepository: (path: string, why: string, next: string) =>
    failure('unsupported-repository', `${path} cannot be packaged: ${why}.`, next),
  repositoryOwner: (path: string) =>
    failure(
      'unsupported-repository',
      `${path} belongs to another user, so git does not trust it.`,
      `If you do, run \`git config --global --add safe.directory ${path}\`.`,
    ),
  dirtyNotCommitted: () =>
    failure(
      'dirty-not-committed',
      'This session packaged uncommitted changes, and its patch was not verified on the commit alone.',
      'Commit the changes and start a new session, or run it without --include-uncommitted.',
    ),

  // git
  gitNotFound: () =>
    failure('git-not-found', 'git was not found on the PATH.', 'Install git 2.34 or later and try again.'),
  gitTooOld: (needed: string) =>
    failure(
      'git-not-found',
      `This needs git ${needed} or later.`,
      `Install git ${needed} or later and try again.`,
    ),
  folderGone: (path: string) =>
    failure(
      'not-a-repository',
      `${path} is gone.`,
      'The repository was moved or removed since the session began; start a new one from where it is now.',
    ),
  objectsGone: (detail: string) =>
    failure(
      'unsupported-repository',
      `Objects of the repository are missing or damaged: ${detail.split('\n')[0]}`,
      'Run `git fsck` in it. A partial or shallow clone must first fetch what is missing.',
      detail,
    ),
  gitFailed: (command: string, detail: string) =>
    failure(
      'internal',
      `git ${command} failed: ${detail.split('\n')[0]}`,
      'Report this with the output of `drydock doctor` and the session id.',
      detail,
    ),

  // patch
  noSuchPart: (what: string) =>
    failure(
      'patch-refused',
      `The patch has no ${what}.`,
      'Nothing was changed. Its files and parts stand in `drydock diff ID`, parts counted from 1.',
    ),
  keepsUpdate: (path: string) =>
    failure(
      'patch-refused',
      `${path} holds the update itself: without it nothing of the change is left to check.`,
      'Nothing was changed. Keep it, or reject the whole change.',
    ),
  writtenAgain: (path: string) =>
    failure(
      'patch-refused',
      `${path} is written by the package manager, from the manifests: what is left out of it comes back.`,
      'Nothing was changed. Drop the manifest’s part that it follows from, or reject the whole change.',
    ),
  noSuchFolder: (path: string) =>
    failure('not-a-repository', `${path} is no folder.`, 'Check the path that is given with --repo.'),
  patchRefused: (why: string, detail?: string) =>
    failure(
      'patch-refused',
      `The patch is refused: ${why}.`,
      'Nothing was changed. Look at it with `drydock diff`, and start a new session.',
      detail,
    ),

  ...sessionFailures,
  ...evidenceFailures,
  ...telemetryFailures,
  ...fleetFailures,
  ...storeFailures,

  // review and publish
  ...publishFailures,
  ...hostFailures,

  // sandbox
  ...engineFailures,
  imageBuildFailed: (image: string, detail: string, log?: string) =>
    failure(
      'image-build-failed',
      `The image ${image} could not be built: ${detail.split('\n')[0]}`,
      'Check the network, proxy and mirror settings that the engine and npm use, then try again.',
      log ?? detail,
    ),
  unsupportedToolchain: (what: string, supported: string) =>
    failure(
      'image-build-failed',
      `There is no image for ${what}.`,
      `Choose one of ${supported} where it is named: by .drydock.json, or by the option of this command.`,
    ),
  protectionMissing: (names: readonly string[], why?: string) =>
    failure(
      'protection-missing',
      `The engine does not give these protections: ${names.join(', ')}.`,
      'Run `drydock doctor` for the reason of each; use an engine that can give them.',
      why,
    ),
  diskFull: (what: string) =>
    failure(
      'disk-full',
      `${what} is full.`,
      'Raise `drydock.workspaceMb` or `drydock.workspaceInodes`, or free disk space of the engine.',
    ),
  relayBroken: (detail: string) =>
    failure(
      'agent-broken',
      `The container broke the relay's protocol: ${detail}`,
      'Nothing it sent was used. Run the session again; if it repeats, report it with the session id.',
    ),

  // command line and configuration
  noSuchCommand: (above: string, name: string) =>
    failure(
      'bad-usage',
      `${above} has no command ${name}.`,
      `\`${above} --help\` lists those that there are.`,
    ),
  badUsage: (message: string) => failure('bad-usage', message, 'See `drydock --help`.'),
  /** Each fault in a line of its own. */
  badConfig: (file: string, faults: readonly string[]) =>
    failure(
      'bad-config',
      `${file} is not valid: ${faults.join('; ')}.`,
      `Correct ${file} and commit it.`,
      faults.join('\n'),
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
      'Check the registry, and the lock file where there is one: something was changed.',
    ),
  registryUnreachable: (host: string, detail: string) =>
    failure(
      'registry-unreachable',
      `The registry ${host} cannot be reached (${detail.split('\n')[0]}).`,
      'Check the network and the proxy settings of your package manager, then try again.',
    ),
  registryAnswered: (status: number, subject: string, host: string) =>
    failure(
      'install-failed',
      `The registry ${host} answered ${status} for ${subject}.`,
      status === 401 || status === 403
        ? 'Log in to it on this machine: `npm login`, or for Maven its server in ~/.m2/settings.xml.'
        : status >= 500
          ? 'The registry is out of order, or what stands before it: try again later.'
          : 'Check the name and the version.',
    ),
  registryGarbled: (host: string, subject: string) =>
    failure(
      'registry-unreachable',
      `What answers at ${host} for ${subject} is not a registry.`,
      'Check the address of the registry and the proxy settings of your package manager: a sign-in page may stand before it.',
    ),
  /** A failure that the broker already named. */
  registry: (named: Failure) => new DrydockError(named),
  noSuchPackage: (name: string) =>
    failure('no-such-package', `The registry has no package ${name}.`, 'Check the name.'),
  noSuchVersion: (name: string, requested: string, latest: string) =>
    failure(
      'no-such-version',
      `${name} has no version that matches ${requested}.`,
      `Name a version or range that it has; the latest is ${latest}.`,
    ),
  /** `nearest` is a declared name that may have been meant. */
  notADependency: (name: string, nearest?: string) =>
    failure(
      'not-a-dependency',
      `No manifest declares ${name}.`,
      `${nearest === undefined ? '' : `Did you mean ${nearest}? `}\`drydock outdated\` lists what can be updated.`,
    ),
  notAVersion: (name: string, range: string) =>
    failure(
      'update-failed',
      `${name} is declared as ${range}, which is not a version of a registry.`,
      'Only registry versions can be updated.',
    ),
  unsupportedPackageManager: (what: string, next: string) => failure('unsupported-ecosystem', what, next),
  badManifest: (path: string, detail: string) =>
    failure('no-manifest', `${path} cannot be read: ${detail}`, `Correct ${path} and commit it.`),

  ...installFailures,
  ...arrivalFailures,
  ...placeFailures,

  ...modelFailures,

  // verification
  verificationFailed: (what: string, detail?: string) =>
    failure('internal', `The verification stopped: ${what}.`, 'Run the command again; see the log.', detail),
  // logs
  unreadableLog: (file: string, detail: string) =>
    failure(
      'bad-log',
      `${file === '-' ? 'Standard input' : file} could not be read as a log: ${detail.split('\n')[0]}`,
      'Give a text file, one compressed with gzip, or - for standard input.',
      detail,
    ),

  // review panel
  notApprovable: (why: string) =>
    failure('session-state', `It cannot be approved now. ${why}`, 'Look at the review again.'),
  noSuchFile: (name: string) =>
    failure('session-state', `The session has no ${name}.`, 'Look at the review again: it may have changed.'),

  // any
  evalCancelled: (kept: number) =>
    failure(
      'cancelled',
      `Cancelled; ${kept} ${kept === 1 ? 'result is' : 'results are'} kept.`,
      'Run the same command again: it goes on with the cases that have none.',
    ),
  cancelled: () =>
    failure('cancelled', 'It was ended before it was done.', 'Run the command again to start anew.'),
  internal: (message: string, detail?: string) =>
    failure(
      'internal',
      message,
      'Report this with the output of `drydock doctor` and the session id.',
      detail,
    ),
} as const
