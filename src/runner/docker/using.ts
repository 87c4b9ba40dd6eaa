import type { Container, Image, Sandbox, SealedWorkspace } from './sandbox.ts'

/** The container is gone afterwards, with all its processes. */
export async function using<T>(container: Container, work: (container: Container) => Promise<T>): Promise<T> {
  try {
    return await work(container)
  } finally {
    await container.remove()
  }
}

/** A project container on a copy of the workspace; both are gone afterwards. */
export async function inWorkspace<T>(
  sandbox: Sandbox,
  image: Image,
  sealed: SealedWorkspace,
  signal: AbortSignal,
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const workspace = await sandbox.workspace(sealed)
  try {
    return await using(await sandbox.start({ kind: 'project', image, workspace }, signal), work)
  } finally {
    await workspace.dispose()
  }
}
