import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, inflateSync } from 'node:zlib'
import type { Image, Sandbox } from '../../../src/runner/docker/sandbox.ts'

const run = promisify(execFile)

/** Every way of writing a secret that is looked for: plain, base64 at any offset, hex, URL-encoded. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const core = text.slice(Math.ceil((offset * 8) / 6), -2)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const percent = hex.replace(/../g, '%$&')
  return [
    ...new Set([
      secret,
      hex,
      hex.toUpperCase(),
      percent,
      percent.toUpperCase(),
      encodeURIComponent(secret),
      ...base64,
    ]),
  ]
}

/** Whether the bytes, or what they unpack to, hold a form of the secret. Tar needs no unpacking: it is plain bytes. */
export function holds(bytes: Buffer, forms: readonly string[], depth = 0): boolean {
  if (forms.some((form) => bytes.includes(form))) return true
  if (depth > 3) return false
  return unpacked(bytes).some((inner) => holds(inner, forms, depth + 1))
}

/** Gzip members anywhere, and a whole zlib stream, which is what git's loose objects are. */
function unpacked(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  const limit = { maxOutputLength: 64 * 2 ** 20 }
  for (
    let at = bytes.indexOf('\x1f\x8b\x08', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1')
  )
    try {
      found.push(gunzipSync(bytes.subarray(at), limit))
    } catch {
      // Three bytes that only look like it.
    }
  if (bytes[0] === 0x78)
    try {
      found.push(inflateSync(bytes, limit))
    } catch {
      // Text that begins with an x.
    }
  return found
}

/** Paths of all files below a folder that hold a secret; git's packs are looked into object by object. */
export async function searchFolder(root: string, secrets: readonly string[]): Promise<readonly string[]> {
  const forms = secrets.flatMap(formsOf)
  const seen = new Set<string>()
  const names = await readdir(root, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of names.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name)
    // Many homes hold the same packages, under names that are their digests.
    if (/\/content-v2\//.test(file)) {
      if (seen.has(entry.name)) continue
      seen.add(entry.name)
    }
    if (holds(await readFile(file), forms)) found.push(file)
  }
  // By what is in them: a log folder may be called vscode.git, and a bare repository anything.
  const heads = new Set(names.filter(({ name }) => name === 'HEAD').map(({ parentPath }) => parentPath))
  for (const { name, parentPath: dir } of names) {
    if (name !== 'objects' || !heads.has(dir)) continue
    const args = ['--git-dir', dir, 'cat-file', '--batch-all-objects', '--batch', '--buffer']
    const { stdout } = await run('git', args, { encoding: 'buffer', maxBuffer: 2 ** 30 })
    if (holds(stdout, forms)) found.push(`${dir} (objects)`)
  }
  return found
}

/** Names of files in a volume that hold one of the forms; read by a container, as no host may have its path. */
export async function searchVolume(
  sandbox: Sandbox,
  image: Image,
  volume: string,
  forms: readonly string[],
): Promise<string> {
  const readOnly = [{ volume, target: '/look' }]
  const container = await sandbox.start({ kind: 'project', image, readOnly })
  const patterns = forms.flatMap((form) => ['-e', form])
  const argv = ['/usr/bin/rg', '--no-config', '-uuu', '-z', '-l', '-F', ...patterns, '/look']
  const { exitCode, output } = await container.exec(argv, { timeoutMs: 120_000, maxOutputBytes: 100_000 })
  await container.remove()
  assert.ok(exitCode === 0 || exitCode === 1, output.toString())
  return output.toString()
}
