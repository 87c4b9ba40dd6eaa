import { DrydockError, type Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { Broker } from '../broker/broker.ts'
import { relayPort } from '../broker/upstream.ts'
import { STORE } from '../docker/files.ts'
import { engineFault } from '../docker/lost.ts'
import type { RelayEnd, RelayLimits, ServeRelay } from '../docker/relay.ts'
import type { Image, Sandbox, SealedWorkspace } from '../docker/sandbox.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'
import { adviceFor } from './advice.ts'
import { contentsArchive, filesArchive } from './files.ts'
import { goneIn, nameOf } from './gone.ts'
import { installReason } from './reason.ts'
import type { Records } from './records.ts'

export interface InstallContext {
  readonly sandbox: Sandbox
  readonly serve: ServeRelay
  /** What earlier sessions made of the same inputs. */
  readonly records: Records
  /** Which repository, for keys: two never share what was made for one of them. */
  readonly repositoryId: string
  /** Of the registries that the host's configuration names. */
  readonly registryDigest: string
  readonly createBroker: (pins: ReadonlyMap<string, string>) => Broker
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const limits: RelayLimits = { maxRequestBytes: 4096, maxOutputBytes: 4_000_000, maxConcurrent: 32 }
const maxDetail = 8000

/** Failures of the broker that explain a failed install better than the package manager does. */
const brokerCodes: readonly Failure['code'][] = [
  'disk-full',
  'integrity-mismatch',
  'registry-not-allowed',
  'registry-unreachable',
]

/** A workspace of the same repository whose store an install begins with. */
export interface Seed {
  readonly workspace: SealedWorkspace
  /** It was made of the same inputs: nothing is missing in it. */
  readonly isWhole?: true
}

export interface InstallOptions {
  readonly seed?: Seed
  /** The install's container runs: another one may now have the volume as well. */
  readonly onStarted?: () => void
}

/** Where an earlier store of the same repository lies during an install that may start from it. */
const SEED = '/drydock-seed'
/** `whole` where nothing is to be resolved again; read by the programs of `sandbox/`. */
const SEED_VARIABLE = 'DRYDOCK_SEED'

/**
 * Runs the package manager on the volume, its only way out being the broker. Throws what went wrong; where that was the
 * engine's doing, it is run once more before.
 */
export async function runInstall(
  context: InstallContext,
  image: Image,
  volume: string,
  recipe: InstallRecipe,
  options: InstallOptions = {},
): Promise<void> {
  const once = (): Promise<void> => installOnce(context, image, volume, recipe, options)
  await once().catch(async (error: unknown) => {
    if (context.signal.aborted || engineFault(error)?.failure.code !== 'engine-lost') throw error
    await once()
  })
}

async function installOnce(
  context: InstallContext,
  image: Image,
  volume: string,
  recipe: InstallRecipe,
  { seed, onStarted }: InstallOptions,
): Promise<void> {
  await using broker = context.createBroker(recipe.pins)
  const stored = seed?.workspace.store
  const contents = recipe.contents === undefined ? [] : await broker.held()
  const container = await context.sandbox.start(
    {
      kind: 'install',
      image,
      command: [
        '/usr/local/bin/node',
        '/drydock/relay.mjs',
        '--port',
        String(relayPort),
        '--',
        ...recipe.command,
      ],
      env: { ...recipe.env, ...(seed?.isWhole === true ? { [SEED_VARIABLE]: 'whole' } : {}) },
      cwd: workspacePath,
      workspace: { unsealed: volume, store: recipe.store !== undefined },
      files: [
        { path: workspacePath, archive: filesArchive(recipe.files) },
        ...(recipe.contents === undefined || contents.length === 0
          ? []
          : [{ path: workspacePath, archive: contentsArchive(contents, recipe.contents) }]),
        ...(recipe.store === undefined ? [] : [{ path: STORE, archive: filesArchive(recipe.store) }]),
      ],
      ...(stored === undefined ? {} : { readOnly: [{ volume: stored, target: SEED }] }),
    },
    context.signal,
  )
  onStarted?.()
  const timeout = AbortSignal.timeout(context.timeoutMs)
  try {
    const signal = AbortSignal.any([context.signal, timeout])
    const end = await context.serve(container, broker.handle, limits, signal)
    if (context.signal.aborted) throw failures.cancelled()
    if (timeout.aborted) throw failures.installTimedOut(context.timeoutMs)
    if (end.exitCode !== 0) throw installFailure(end, broker, recipe)
  } finally {
    await container.remove()
  }
}

/** A package manager that did not come to a good end, with what it could not get. */
export class InstallError extends DrydockError {
  /** `name` or `name@version` of what registries do not have, as far as the broker knows. */
  readonly gone: readonly string[]
  readonly log: string

  constructor({ failure }: DrydockError, gone: readonly string[], log: string) {
    super(failure)
    this.gone = gone
    this.log = log
  }
}

/** What the engine says of a container that somebody killed; memory that ran out is told beside it. */
const killed = 137

function installFailure(end: RelayEnd, broker: Broker, recipe: InstallRecipe): Error {
  if ((end.exitCode === null || end.exitCode === killed) && !end.outOfMemory)
    return failures.engineLost('the container of the install was ended from outside')
  const log = end.output.toString('utf8')
  const detail = log.slice(-maxDetail)
  const named = broker.refused().find(({ code }) => brokerCodes.includes(code))
  if (named !== undefined) return failures.registry({ ...named, detail })
  if (/\bENOSPC\b|No space left on device/i.test(detail))
    return failures.diskFull('The volume that packages are installed into')
  if (end.outOfMemory)
    return failures.installFailed('it ran out of memory', detail, 'Raise the setting `drydock.memoryMb`.')
  const gone = goneIn(recipe.words, log, broker.gone(), recipe.registryHost)
  const needed = gone === undefined ? [] : (recipe.neededBy?.(nameOf(gone.subject)) ?? [])
  const failure =
    gone === undefined
      ? failures.installFailed(
          installReason(recipe.words, log, end.exitCode),
          detail,
          // Repositories that were not asked have no part in what the manifests themselves say.
          (recipe.words.ofManifests?.(log) === undefined ? recipe.hint : undefined) ??
            adviceFor(recipe.words, log),
        )
      : failures.packageGone(gone.subject, gone.host, needed, detail)
  return new InstallError(failure, gone === undefined ? [] : subjects(broker, gone.subject), log)
}

function subjects(broker: Broker, first: string): readonly string[] {
  return [...new Set([first, ...broker.gone().map(({ subject }) => subject)])]
}
