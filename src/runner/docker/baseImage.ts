import { spawn } from 'node:child_process'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { execa } from 'execa'
import { failures } from '../../contract/failures.ts'
import { scratchFolder } from '../scratch.ts'
import type { Suite } from '../toolchains/recipe.ts'
import { follow } from './follow.ts'
import { CACHE_LABEL, isMissing } from './labels.ts'

export interface BuildContext {
  readonly docker: Docker
  /** Host environment of builds: proxies, certificates. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onProgress: (message: string) => void
  readonly signal?: AbortSignal
  /** Waits until no other session of this machine builds; without it two may build the same at once. */
  readonly builds?: BuildTurn
}

export type BuildTurn = (
  signal: AbortSignal,
  onWait: () => void,
) => Promise<{ readonly release: () => Promise<void> }>

export async function imageId(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** A Debian base: the image by digest where the engine can pull it, else made with debootstrap. */
export async function ensureBase(context: BuildContext, suite: Suite): Promise<string> {
  const { docker } = context
  for (const known of [suite.image, bootstrappedName(suite)]) {
    if (await imageId(docker, known)) return known
  }
  context.onProgress(`Pulling ${suite.image.split('@')[0]}`)
  const refused = await pull(context, suite.image)
  if (refused === undefined) return suite.image
  context.signal?.throwIfAborted()
  context.onProgress(`No image registry (${refused}); building Debian ${suite.name} with debootstrap`)
  return bootstrap(context, suite)
}

const bootstrappedName = (suite: Suite) => `drydock/debian:${suite.name}`

/** Undefined where it worked, else why not. */
async function pull(context: BuildContext, image: string): Promise<string | undefined> {
  const { docker, signal } = context
  try {
    await follow(await docker.pull(image, signal ? { abortSignal: signal } : {}))
    // Said to be there by an engine that swallowed the reason.
    return (await imageId(docker, image)) === undefined
      ? 'the engine does not have it after the pull'
      : undefined
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

async function bootstrap(context: BuildContext, suite: Suite): Promise<string> {
  if (process.getuid?.() !== 0) throw bootstrapFailure(suite, new Error(rootNeeded))
  const folder = await scratchFolder('debian')
  const root = join(folder, 'root')
  try {
    await execa('debootstrap', ['--variant=minbase', suite.name, root], {
      stdin: 'ignore',
      env: { PATH: `${context.env.PATH ?? ''}:/usr/sbin:/sbin` },
      ...(context.signal && { cancelSignal: context.signal }),
    })
    await addSecurityUpdates(root, suite)
    await importRoot(context, root, bootstrappedName(suite))
    return bootstrappedName(suite)
  } catch (error) {
    throw bootstrapFailure(suite, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// The mirror that debootstrap chose, and the security archive beside it.
async function addSecurityUpdates(root: string, suite: Suite): Promise<void> {
  if (suite.name === 'sid') {
    // It has no security archive, and its index is valid for a week only: a mirror of a fixed day is older.
    await writeFile(join(root, 'etc/apt/apt.conf.d/90drydock-sid'), 'Acquire::Check-Valid-Until "false";\n')
    return
  }
  const list = join(root, 'etc/apt/sources.list')
  const mirror = /^deb\s+(\S+)/m.exec(await readFile(list, 'utf8'))?.[1]?.replace(/\/$/, '')
  if (mirror) await appendFile(list, `deb ${mirror}-security ${suite.name}-security main\n`)
}

async function importRoot(context: BuildContext, root: string, name: string): Promise<void> {
  const leftOut = [
    './dev/*',
    './proc/*',
    './sys/*',
    './var/cache/apt/archives/*.deb',
    './var/lib/apt/lists/*',
  ]
  const tar = spawn('tar', ['-C', root, ...leftOut.map((path) => `--exclude=${path}`), '-c', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  tar.on('error', (error) => tar.stdout.destroy(error))
  const changes = [`LABEL ${CACHE_LABEL}=image`, 'CMD ["/bin/sh"]']
  // Podman knows no `tag`; every engine takes one that stands in the name.
  await follow(
    (await context.docker.importImage(tar.stdout, { repo: name, changes })) as NodeJS.ReadableStream,
  )
}

const rootNeeded =
  'no image registry is reachable, and debootstrap makes a base only as root: run `drydock setup` once as root with DOCKER_HOST at this engine, or reach a registry'

function bootstrapFailure(suite: Suite, error: unknown): unknown {
  if (!(error instanceof Error) || 'failure' in error) return error
  const detail =
    'code' in error && error.code === 'ENOENT'
      ? 'no image registry is reachable and debootstrap is not installed'
      : error.message
  return failures.imageBuildFailed(`drydock/debian:${suite.name}`, detail)
}
