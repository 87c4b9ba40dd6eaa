import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { Container } from '../docker/sandbox.ts'
import { installScratch } from '../ecosystems/recipe.ts'
import type { BareRepository } from '../git/repository.ts'
import { filesArchive } from '../install/files.ts'
import { clearProgram, excludeProgram, sweepProgram } from './workspacePrograms.ts'

const timeoutMs = 300_000
const maxOutputBytes = 1_000_000

/** Only trusted programs of the image run so, by absolute path. */
async function run(
  container: Container,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const env = { HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', PATH: '/usr/bin:/bin' }
  const argv = ['/usr/local/bin/node', '-e', program, workspacePath, ...args]
  const result = await container.exec(argv, { cwd: workspacePath, env, timeoutMs, maxOutputBytes, signal })
  if (signal.aborted) throw failures.cancelled()
  if (result.exitCode === 0) return
  throw failures.installFailed('the workspace could not be put in order', result.output.toString('utf8'))
}

/** Leaves folders of the given names, and the folders on the way to them; everything else goes. */
export async function sweepInstall(
  container: Container,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await run(container, sweepProgram, [installScratch, ...keep], signal)
}

export async function placeSource(
  container: Container,
  repository: BareRepository,
  tree: string,
): Promise<void> {
  await container.putArchive(workspacePath, repository.archive(await repository.entries(tree)))
}

export async function placeFile(
  container: Container,
  file: { readonly path: string; readonly bytes: Buffer },
): Promise<void> {
  await container.putArchive(workspacePath, filesArchive(new Map([[file.path, file.bytes]])))
}

/** A fresh `.git` of one commit, in a container where no project code ever ran. */
export async function placeGit(
  container: Container,
  repository: BareRepository,
  tree: string,
): Promise<void> {
  await container.putArchive(workspacePath, await repository.oneCommitGit(tree))
}

/**
 * After scripts: what they planted or changed among the commit's files goes. The engine unpacks as root
 * and would follow a symlink, so the way is cleared by the container's user first.
 */
export async function restoreSource(
  container: Container,
  repository: BareRepository,
  tree: string,
  signal: AbortSignal,
): Promise<void> {
  await run(container, sweepProgram, [installScratch], signal)
  await placeGit(container, repository, tree)
  await run(container, clearProgram, [], signal)
  await placeSource(container, repository, tree)
}

/** So that nothing that an install made ever looks like somebody's change. */
export async function excludeOthers(container: Container, signal: AbortSignal): Promise<void> {
  await run(container, excludeProgram, [], signal)
}
