import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git, makeRepository } from '../support/madeRepository.ts'
import type { Manager } from './choice.ts'
import type { TroubledPeer } from './peers.ts'
import { projects } from './project.ts'
import { mavenFolder } from './registry.ts'

/** Where everything of one trial lies; always the same places, so that what was prepared stays warm. */
export interface Places {
  readonly home: string
  readonly tmp: string
  readonly user: string
  readonly repository: string
  readonly remotes: string
}

export function placesIn(folder: string): Places {
  const [home, tmp, user, repository, remotes] = ['home', 'tmp', 'user', 'repository', 'remotes'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string, string]
  return { home, tmp, user, repository, remotes }
}

const repositoryName = 'o/r.git'

/** A repository with its remote, a user whose settings name the registry, and homes that are still empty. */
export async function makeTemplates(
  { home, tmp, user, repository, remotes }: Places,
  manager: Manager,
  peers: { readonly remote: TroubledPeer; readonly registry: TroubledPeer },
): Promise<void> {
  const registry = `${peers.registry.url}/`
  await makeRepository(repository, await projects[manager].files(registry))
  await git(repository, 'config', 'user.name', 'Ada')
  await git(repository, 'config', 'user.email', 'ada@example.com')
  for (const place of [home, tmp, user, remotes]) await mkdir(place, { recursive: true })
  await git(remotes, 'clone', '-q', '--bare', repository, repositoryName)
  await git(repository, 'remote', 'add', 'origin', `${peers.remote.url}/${repositoryName}`)
  const settings = [
    `registry=${registry}`,
    'fetch-timeout=3000',
    'fetch-retries=1',
    'fetch-retry-mintimeout=100',
  ]
  await writeFile(join(user, '.npmrc'), `${settings.join('\n')}\n`)
  const yarn = [
    `npmRegistryServer: "${peers.registry.url}"`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    'httpTimeout: 3000',
    'httpRetry: 1',
  ]
  await writeFile(join(user, '.yarnrc.yml'), `${yarn.join('\n')}\n`)
  const mirror = `<mirror><id>own</id><mirrorOf>*</mirrorOf><url>${registry}${mavenFolder}/</url></mirror>`
  await mkdir(join(user, '.m2'))
  await writeFile(join(user, '.m2/settings.xml'), `<settings><mirrors>${mirror}</mirrors></settings>\n`)
}

/** The folder itself stays, for it may be a disk of its own. */
export async function copyOver(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(to))
    await rm(join(to, name), { recursive: true, force: true, maxRetries: 5 })
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.sock'), preserveTimestamps: true })
}
