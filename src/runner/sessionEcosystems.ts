import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Task } from '../contract/task.ts'
import type { CommandContext } from './commands/context.ts'
import { openEcosystems } from './ecosystems/index.ts'
import type { OpenContext, OpenedEcosystem } from './ecosystems/module.ts'
import { openGitSource } from './gitSource/gitSource.ts'
import { openTarballSource } from './gitSource/tarballSource.ts'

/** Those that this machine knows the registries of; what an update names is one of them. */
export async function ecosystemsFor(
  context: CommandContext,
  task: Task,
  signal: AbortSignal,
): Promise<readonly OpenedEcosystem[]> {
  const { env, userHome, cache, assets } = context
  // A file a repository.
  const name = createHash('sha256').update(task.repository.root).digest('hex').slice(0, 32)
  const how: OpenContext = {
    ...{ env, userHome, cacheDir: join(cache, 'packages') },
    // The bundle's program that reads published packages, in a thread of its own.
    releaseReader: join(assets, 'dist', 'releaseReader.mjs'),
    allowMissing: task.settings.allowMissing === true,
    memory: (id) => join(cache, id, `${name}.json`),
    sources: sourcesFor(context, task, signal),
  }
  return await openEcosystems(how, task.kind === 'dependency-update' ? task.ecosystem : undefined)
}

/** Dependencies from git and addresses, fetched with the user's git and certificates from hosts that may be asked. */
function sourcesFor(
  context: CommandContext,
  { repository: { root, remote }, settings }: Task,
  signal: AbortSignal,
): NonNullable<OpenContext['sources']> {
  const policy = {
    named: settings.gitHosts ?? [],
    ...(remote === undefined ? {} : { remote: remote.url }),
  }
  const common = { policy, cacheDir: join(context.cache, 'packages'), signal }
  return (registries) => ({
    allowMissing: settings.allowMissing === true,
    git: openGitSource({ ...common, env: context.env, root }),
    tarballs: openTarballSource({ ...common, ...registries }),
  })
}
