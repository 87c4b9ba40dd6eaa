import { closeSync, constants, fstatSync, mkdirSync, openSync, realpathSync, type Stats } from 'node:fs'
import { relative, sep } from 'node:path'
import { denyGit, segments } from './paths.ts'
import { Denied, NotPossible } from './tool.ts'

const folder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
// Not blocking, so that a FIFO is seen for what it is instead of waited for.
const anything = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

export interface Opened {
  readonly fd: number
  readonly stat: Stats
  /** Names from the root, symbolic links resolved. */
  readonly names: readonly string[]
}

/** A name in an open folder: the kernel resolves it from that folder, wherever its path now leads. */
export function at(folderFd: number, name: string): string {
  return `/proc/self/fd/${folderFd}/${name}`
}

/** What went wrong with a path, in words; rethrows what is not the path's fault. */
export function because(error: unknown, path: string): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') throw new NotPossible(`${path}: no such file`)
  // So a link in a folder's place is answered, as well as a file.
  if (code === 'ENOTDIR') throw new Denied(`${path}: no folder where one must be`)
  if (code === 'ELOOP') throw new Denied(`${path}: a symbolic link where none may be`)
  if (code === 'ENAMETOOLONG') throw new Denied(`${path}: a name is too long`)
  if (code === 'EACCES' || code === 'EPERM') throw new Denied(`${path}: permission denied`)
  if (code === 'EINVAL' || code === 'EEXIST') throw new Denied(`${path}: changed while it was looked up`)
  if (code === 'ENXIO') throw new Denied(`${path}: not a regular file`)
  throw error
}

/** Opens folder after folder without following a link at any step; the caller closes. */
export function openFolder(root: string, names: readonly string[], create = false): number {
  let fd = openSync(root, folder)
  for (const name of names) {
    const parent = fd
    try {
      if (create) mkdirQuietly(at(parent, name))
      fd = openSync(at(parent, name), folder)
    } finally {
      closeSync(parent)
    }
  }
  return fd
}

function mkdirQuietly(path: string): void {
  try {
    mkdirSync(path, 0o755)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** Names of a path from the root with its symbolic links resolved; denied where they lead outside or into git. */
export function realNames(root: string, path: string): string[] {
  const wanted = segments(path, root)
  try {
    const real = relative(realpathSync(root), realpathSync([root, ...wanted].join(sep)))
    if (real === '..' || real.startsWith(`..${sep}`))
      throw new Denied(`${path}: leads outside the repository`)
    denyGit(real)
    return real === '' ? [] : real.split(sep)
  } catch (error) {
    if (error instanceof Denied) throw error
    return because(error, path)
  }
}

/** Names of a path itself, a link at its end not resolved: what is deleted or moved is the name, never what it leads to. */
export function ownNames(root: string, path: string): string[] {
  const wanted = segments(path, root)
  const name = wanted.at(-1)
  if (name === undefined) throw new Denied('a file name is needed')
  const parent = wanted.slice(0, -1)
  return [...(parent.length === 0 ? [] : realNames(root, parent.join('/'))), name]
}

/**
 * Opens what a path names, beneath the root. Links inside are resolved first; the way there is then walked without
 * following any, so that a link put in between is refused, not followed. The caller closes `fd`.
 */
export function openBeneath(root: string, path: string): Opened {
  const names = realNames(root, path)
  try {
    const parent = openFolder(root, names.slice(0, -1))
    try {
      const fd = openSync(at(parent, names.at(-1) ?? '.'), anything)
      return { fd, stat: fstatSync(fd), names }
    } finally {
      closeSync(parent)
    }
  } catch (error) {
    return because(error, path)
  }
}

/** A regular file beneath the root, open for reading. The caller closes `fd`. */
export function openFile(root: string, path: string): Opened {
  const opened = openBeneath(root, path)
  if (opened.stat.isFile()) return opened
  closeSync(opened.fd)
  if (opened.stat.isDirectory()) throw new NotPossible(`${path}: a folder; use find or rg`)
  throw new Denied(`${path}: not a regular file`)
}

/** The folder that holds a path, open, and the last name; folders that are missing are made where `create` is set. */
export function openParent(
  root: string,
  names: readonly string[],
  create: boolean,
): { fd: number; name: string } {
  const name = names.at(-1)
  if (name === undefined) throw new Denied('a file name is needed')
  try {
    return { fd: openFolder(root, names.slice(0, -1), create), name }
  } catch (error) {
    return because(error, names.join('/'))
  }
}
