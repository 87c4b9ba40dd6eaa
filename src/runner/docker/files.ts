import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { streamExec } from './exec.ts'
import { asked } from './refusal.ts'
import type { Running } from './running.ts'
import { ownedByContainerUser } from './tar.ts'

/** Where the package manager's own files are mounted: outside of the tree that the project can see. */
export const STORE = '/drydock-store'
const FILE_TIMEOUT_MS = 60_000

// Answered by the image's own programs on a read-only root; the bytes are untrusted all the same.
const READ = 'test -f "$1" && test ! -L "$1" && exec /usr/bin/head -c "$2" -- "$1"'

/** A regular file's first bytes through an exec: works on memory mounts, touches no host disk. */
export async function readFile(
  running: Running,
  path: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  const exit = await streamExec(
    running,
    ['/bin/sh', '-c', READ, 'sh', path, String(maxBytes)],
    { timeoutMs: FILE_TIMEOUT_MS, cwd: '/' },
    (stream, chunk) => {
      if (stream !== 'stdout' || bytes >= maxBytes) return
      chunks.push(Buffer.from(chunk.subarray(0, maxBytes - bytes)))
      bytes += chunk.length
    },
  )
  return exit.exitCode === 0 ? Buffer.concat(chunks) : undefined
}

const mounted = [workspacePath, STORE]

/** Unpacks a tar as the container's user: by the engine in the workspace and the store, by `tar` elsewhere. */
export async function putArchive(running: Running, path: string, archive: Readable): Promise<void> {
  const owned = ownedByContainerUser(archive)
  const target = posix.normalize(path)
  const byEngine = mounted.some((mount) => target === mount || target.startsWith(`${mount}/`))
  if (!byEngine) return unpack(running, target, owned)
  await asked(`unpack into ${target}`, running.container.putArchive(owned, { path: target }))
}

async function unpack(running: Running, path: string, archive: Readable): Promise<void> {
  const said: Buffer[] = []
  const exit = await streamExec(
    running,
    ['/bin/tar', '-x', '-f', '-', '-C', path],
    { timeoutMs: FILE_TIMEOUT_MS, cwd: '/', input: archive },
    (_stream, chunk) => void (said.length < 16 && said.push(Buffer.from(chunk))),
  )
  if (exit.exitCode !== 0) throw failures.engineRefused(`unpack into ${path}`, Buffer.concat(said).toString())
}
