import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { glob, isDynamicPattern } from 'tinyglobby'
import { DrydockError, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { type Campaign, campaignTask, type RepositorySource } from '../../contract/fleet/campaign.ts'
import type { Job, Unreachable } from '../../contract/fleet/events.ts'
import type { Environment } from '../git/program.ts'
import { openRepository } from '../git/userRepository.ts'
import { remoteHead } from './remoteHead.ts'

export interface PlacesOptions {
  /** Folder of the campaign file. */
  readonly base: string
  readonly userHome: string
  readonly env: Environment
  readonly signal: AbortSignal
  /** Addresses of an organisation's repositories. */
  readonly repositoriesOf: (organisation: string, match: string | undefined) => Promise<readonly string[]>
}

export interface Planned {
  readonly jobs: readonly Job[]
  readonly unreachable: readonly Unreachable[]
}

type Found = { readonly job: Job } | { readonly unreachable: Unreachable }

/** Every repository of a campaign at the commit that it has now; what cannot be reached is named, and keeps none from it. */
export async function planJobs(campaign: Campaign, options: PlacesOptions): Promise<Planned> {
  const limit = pLimit(8)
  const places = (await Promise.all(campaign.repositories.map((source) => placesOf(source, options)))).flat()
  const found = await Promise.all(places.map((place) => limit(() => jobOf(campaign, place, options))))
  options.signal.throwIfAborted()
  return {
    jobs: found.flatMap((one) => ('job' in one ? [one.job] : [])),
    unreachable: found.flatMap((one) => ('unreachable' in one ? [one.unreachable] : [])),
  }
}

type Place = { readonly source: RepositorySource } & (
  | { readonly path: string }
  | { readonly url: string }
  | { readonly failed: Unreachable }
)

async function placesOf(source: RepositorySource, options: PlacesOptions): Promise<readonly Place[]> {
  try {
    if (source.url !== undefined) return [{ source, url: source.url }]
    if (source.github !== undefined) {
      const found = await options.repositoriesOf(source.github, source.match)
      if (found.length === 0) throw failures.badUsage(`${source.github} has no repository that is meant.`)
      const organisation = source.organisation ?? source.github
      return found.map((url) => ({ source: { ...source, organisation }, url }))
    }
    return (await foldersOf(source.path ?? '', options)).map((path) => ({ source, path }))
  } catch (error) {
    options.signal.throwIfAborted()
    const place = source.github ?? source.path ?? ''
    return [{ source, failed: { place, failure: toFailure(error) } }]
  }
}

async function foldersOf(written: string, { base, userHome }: PlacesOptions): Promise<readonly string[]> {
  const path = written === '~' || written.startsWith('~/') ? join(userHome, written.slice(1)) : written
  // A folder may have a bracket in its name.
  if (!isDynamicPattern(path) || (await isFolder(resolve(base, path)))) return [resolve(base, path)]
  const found = await glob(path, {
    ...{ cwd: base, absolute: true, onlyDirectories: true, expandDirectories: false },
    ignore: ['**/node_modules/**', '**/.git/**'],
  })
  const folders = found.map((folder) => resolve(folder)).toSorted()
  const repositories = await Promise.all(folders.map((folder) => isRepository(folder)))
  const meant = folders.filter((_, at) => repositories[at])
  if (meant.length === 0) throw failures.badUsage(`No folder that ${written} names is a git repository.`)
  return meant
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function isRepository(folder: string): Promise<boolean> {
  return stat(join(folder, '.git')).then(
    () => true,
    () => false,
  )
}

async function jobOf(campaign: Campaign, place: Place, options: PlacesOptions): Promise<Found> {
  if ('failed' in place) return { unreachable: place.failed }
  const named = 'path' in place ? place.path : place.url
  try {
    return { job: await reachable(campaign, place, options) }
  } catch (error) {
    options.signal.throwIfAborted()
    if (!(error instanceof DrydockError)) throw error
    return { unreachable: { place: named, failure: error.failure } }
  }
}

async function reachable(
  campaign: Campaign,
  place: Exclude<Place, { failed: Unreachable }>,
  { env, signal }: PlacesOptions,
): Promise<Job> {
  const { source } = place
  const at = 'path' in place ? await atFolder(place.path, env) : await atAddress(place.url, env, signal)
  const folder = source.folder ?? at.folder
  const organisation = source.organisation ?? at.organisation
  const { manifest } = source
  return {
    key: keyOf([at.identity, folder ?? '', manifest ?? '', at.baseCommit, taskOf(campaign)]),
    repository: at.name,
    place: 'path' in place ? { path: at.identity } : { url: place.url },
    baseCommit: at.baseCommit,
    ...(folder === undefined ? {} : { folder }),
    ...(manifest === undefined ? {} : { manifest }),
    ...(organisation === undefined ? {} : { organisation }),
    priority: source.priority,
  }
}

interface Standing {
  /** The same for whatever names the same repository. */
  readonly identity: string
  readonly name: string
  readonly baseCommit: string
  readonly folder?: string
  readonly organisation?: string
}

async function atFolder(path: string, env: Environment): Promise<Standing> {
  const { root, headCommit, folder, remote } = await openRepository(path, env)
  const owner = remote === undefined ? undefined : ownerIn(remote.url)
  return {
    ...{ identity: root, name: basename(root), baseCommit: headCommit },
    ...(folder === '' ? {} : { folder }),
    ...(owner === undefined ? {} : { organisation: owner }),
  }
}

async function atAddress(url: string, env: Environment, signal: AbortSignal): Promise<Standing> {
  const { commit } = await remoteHead(url, env, signal)
  const owner = ownerIn(url)
  const name = basename(url.replace(/\/+$/, '')).replace(/\.git$/, '')
  return {
    ...{ identity: url, name: owner === undefined ? name : `${owner}/${name}`, baseCommit: commit },
    ...(owner === undefined ? {} : { organisation: owner }),
  }
}

/** The folder above the repository's own name; of a path on this machine there is none. */
function ownerIn(url: string): string | undefined {
  const path =
    /^(?:https?|ssh|git):\/\/[^/]+\/(.+)$/.exec(url)?.[1] ?? /^[\w.-]+@[\w.-]+:(.+)$/.exec(url)?.[1]
  return path?.split('/').at(-2) || undefined
}

/** What was asked for, as part of a job's key. */
function taskOf(campaign: Campaign): string {
  const { change } = campaign
  return JSON.stringify([campaignTask(campaign), change?.kind ?? 'update', change?.prompt ?? ''])
}

function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
