import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { isDiskFull } from './files.ts'

/**
 * Makes a folder and those above it, each by itself: in a place where none can be, such as /proc, Node's own
 * `recursive` never comes to an end. Throws `disk-full`, or `bad-config` with what stands against it.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    for (const missing of await missingFolders(path)) await make(missing)
  } catch (error) {
    throw isDiskFull(error)
      ? failures.logDiskFull(path)
      : failures.homeUnusable(path, toFailure(error).message)
  }
}

async function make(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process was quicker.
    if (!(await isFolder(path))) throw error
  })
}

/** From the top down. */
async function missingFolders(path: string): Promise<readonly string[]> {
  if (await isFolder(path)) return []
  const above = dirname(path)
  return above === path ? [] : [...(await missingFolders(above)), path]
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
