import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DrydockError, toFailure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import { hasCode } from '../../../store/files.ts'
import { makeFolder } from '../../../store/folder.ts'
import type { SharedStore, Stored } from './store.ts'

/** What is not whole yet: no name of ours begins so. */
const partial = '.partial-'

/** A folder that every machine sees, such as a network share. */
export function folderStore(root: string): SharedStore {
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof DrydockError && error.failure.code === 'store-damaged') throw error
      throw failures.storeUnreachable(root, toFailure(error).message.replace(/\.$/, ''))
    }
  }
  return {
    where: root,
    put: (name, bytes) => told(() => put(join(root, name), bytes)),
    get: (name, maxBytes) => told(() => get(join(root, name), name, maxBytes)),
    list: (prefix) => told(() => list(root, prefix)),
    delete: (name) => told(() => rm(join(root, name), { force: true })),
  }
}

async function put(file: string, bytes: Buffer): Promise<void> {
  const folder = dirname(file)
  await makeFolder(folder)
  const written = join(folder, `${partial}${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(written, bytes, { mode: 0o600, flush: true })
    await rename(written, file)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
}

async function get(file: string, name: string, maxBytes: number): Promise<Buffer | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (handle === undefined) return undefined
  try {
    const { size } = await handle.stat()
    if (size > maxBytes) throw failures.storeDamaged(name, `it has ${size} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function list(root: string, prefix: string): Promise<readonly Stored[]> {
  const top = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const found: Stored[] = []
  const look = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT') && folder !== '') return []
      throw error
    })
    for (const entry of entries) {
      const name = `${folder}${entry.name}`
      if (entry.isDirectory() && `${name}/`.startsWith(prefix.slice(0, name.length + 1)))
        await look(`${name}/`)
      else if (entry.isFile() && name.startsWith(prefix) && !entry.name.startsWith(partial)) {
        const now = await stat(join(root, name)).catch(() => undefined)
        if (now !== undefined) found.push({ name, bytes: now.size, at: now.mtime.toISOString() })
      }
    }
  }
  await look(top)
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
