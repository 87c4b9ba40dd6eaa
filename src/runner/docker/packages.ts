import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import { scratchFolder } from '../scratch.ts'
import type { Package } from '../toolchains/recipe.ts'

const PackAnswer = z.array(z.object({ filename: z.string() })).min(1)

/**
 * A package's tarball, fetched by the host's own npm with its registry, proxy and certificates,
 * so that building an image needs no access to a registry. Throws where the bytes differ.
 */
export async function packPackage(wanted: Package, signal?: AbortSignal): Promise<Buffer> {
  const folder = await scratchFolder('pack')
  try {
    const spec = `${wanted.name}@${wanted.version}`
    const { stdout } = await execa('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', spec], {
      cwd: folder,
      stdin: 'ignore',
      maxBuffer: 64 * 1024 * 1024,
      ...(signal && { cancelSignal: signal }),
    })
    const [answer] = PackAnswer.parse(JSON.parse(stdout))
    const bytes = await readFile(join(folder, answer?.filename.replace(/^@/, '').replace('/', '-') ?? ''))
    assertIntegrity(wanted, bytes)
    return bytes
  } catch (error) {
    if (signal?.aborted) throw failures.cancelled()
    throw packFailure(wanted, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function packFailure(wanted: Package, error: unknown): unknown {
  if (!(error instanceof Error) || 'failure' in error) return error
  const detail = 'stderr' in error ? String(error.stderr) : error.message
  return failures.imageBuildFailed(`with ${wanted.name}@${wanted.version}`, `npm pack: ${detail.trim()}`)
}

function assertIntegrity(wanted: Package, bytes: Buffer): void {
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  if (actual === wanted.integrity) return
  throw failures.imageBuildFailed(`with ${wanted.name}@${wanted.version}`, 'the registry gave other bytes')
}
