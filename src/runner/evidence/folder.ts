import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { bundleNames, bundleOf, NoBundle, statementName } from './bundle.ts'
import type { Bundle, BundleFiles } from './value.ts'

const maxFileBytes = 64 * 1024 * 1024

/** Writes a bundle's files to a folder that is empty or not there. Throws `bad-usage`. */
export async function writeBundle(folder: string, files: BundleFiles): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw failures.folderInUse(folder)
  })
  if (there.length > 0) throw failures.folderInUse(folder)
  for (const [name, bytes] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
}

/** Reads a bundle, every byte of it compared. Throws `bad-evidence`. */
export async function readBundle(
  folder: string,
): Promise<{ readonly bundle: Bundle; readonly files: BundleFiles }> {
  try {
    const files = await filesIn(folder)
    return { bundle: bundleOf(files), files }
  } catch (error) {
    if (error instanceof NoBundle) throw failures.badEvidence(folder, error.message)
    if (error instanceof DrydockError && error.failure.code === 'patch-refused')
      throw failures.badEvidence(folder, error.failure.message.replace(/\.$/, ''))
    throw error
  }
}

/** Regular files alone, and only such as a bundle has. */
async function filesIn(folder: string): Promise<BundleFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new NoBundle('the folder cannot be read')
  })
  if (!entries.some((entry) => entry.name === statementName))
    throw new NoBundle(`there is no ${statementName} in it: it is not a folder of evidence`)
  const files = new Map<string, Buffer>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = path
      .slice(join(folder).length)
      .replace(/^[\\/]/, '')
      .replaceAll('\\', '/')
    if (entry.isDirectory() && name === 'reports') continue
    if (!entry.isFile() || !bundleNames.has(name)) throw new NoBundle(`${name} does not belong to it`)
    if ((await stat(path)).size > maxFileBytes) throw new NoBundle(`${name} is too large`)
    files.set(name, await readFile(path))
  }
  return files
}
