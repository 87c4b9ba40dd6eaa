import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { Sha256 } from '../contract/patch.ts'
import type { Artifacts } from './emit.ts'
import { hasCode, isDiskFull, sessionFiles } from './files.ts'
import type { Redactor } from './redact.ts'

/**
 * The artifacts of a session. What is put is redacted first, so the digest that comes back is that of
 * the bytes that were kept. A full disk is `disk-full`.
 */
export function openArtifacts(folder: string, redactor: () => Redactor): Artifacts {
  const dir = sessionFiles.artifacts(folder)
  return {
    put: async (input) => {
      const bytes = redactor().bytes(Buffer.from(input))
      const digest = createHash('sha256').update(bytes).digest('hex')
      await store(folder, join(dir, digest), bytes)
      return digest
    },
    get: (digest) => readArtifact(folder, digest),
  }
}

/** The bytes of an artifact; a damaged one is `bad-log`. */
export async function readArtifact(folder: string, digest: string): Promise<Buffer> {
  const path = join(sessionFiles.artifacts(folder), Sha256.parse(digest))
  const bytes = await readFile(path).catch((error: unknown) => {
    throw failures.badLog(
      path,
      1,
      hasCode(error, 'ENOENT') ? 'the artifact is missing' : toFailure(error).message,
    )
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== digest) throw failures.badLog(path, 1, `the artifact's digest is ${found}`)
  return bytes
}

async function store(folder: string, path: string, bytes: Buffer): Promise<void> {
  const known = await stat(path).catch(() => undefined)
  if (known?.size === bytes.length) return
  const partial = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(sessionFiles.artifacts(folder), { recursive: true, mode: 0o700 })
    await writeFile(partial, bytes, { mode: 0o600 })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw isDiskFull(error) ? failures.logDiskFull(folder) : error
  }
}
