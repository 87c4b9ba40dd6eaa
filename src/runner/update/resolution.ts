import type { Pass } from '../ecosystems/plan.ts'
import type { WrittenLock } from '../install/writtenLock.ts'

export type Manifests = ReadonlyMap<string, Buffer>

/** Manifests of an update and the lock files that were written from them; none where manifests alone decide. */
export interface Written {
  readonly manifests: Manifests
  readonly locks: readonly WrittenLock[]
}

/** How a pass is made, and what is asked of what came of it. */
export interface Resolver {
  /** Lets the package manager write the lock files, starting from the project's own, or from those that are given. */
  write(manifests: Manifests, from?: readonly WrittenLock[]): Promise<readonly WrittenLock[]>
  /** Whether every package that should move has the planned version, wherever it is declared. */
  arrives(written: Written): Promise<boolean>
  /** Throws `version-pinned` where the package that was asked for has not. */
  expect(written: Written): Promise<void>
}

/**
 * The first of a plan's passes that leads to the planned versions, loosened where they hold; `files` as they are where it
 * has no pass. Throws `version-pinned` where the last one does not lead there either.
 */
export async function resolve(files: Manifests, passes: readonly Pass[], by: Resolver): Promise<Written> {
  const last = passes.length - 1
  for (const [at, pass] of passes.entries()) {
    const { manifests } = pass
    const written = { manifests, locks: await by.write(manifests) }
    if (at === last) await by.expect(written)
    else if (!(await by.arrives(written))) continue
    return await loosened(pass, written, by)
  }
  const written = { manifests: files, locks: [] }
  await by.expect(written)
  return written
}

async function loosened({ loosened: more }: Pass, written: Written, by: Resolver): Promise<Written> {
  if (more === undefined) return written
  const { manifests, adapt } = more
  const from = written.locks.map((lock) => ({ ...lock, bytes: adapt(lock.path, lock.bytes) }))
  const second = { manifests, locks: await by.write(manifests, from) }
  return (await by.arrives(second)) ? second : written
}
