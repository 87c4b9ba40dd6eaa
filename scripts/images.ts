import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { toFailure } from '../src/contract/failure.ts'
import { findEngine } from '../src/runner/docker/engine.ts'
import { ensureImage } from '../src/runner/docker/images.ts'
import type { ImageNeed } from '../src/runner/toolchains/need.ts'

/** Images that a first run would otherwise wait for. */
const DEFAULT_NEEDS: readonly ImageNeed[] = [
  { kind: 'agent' },
  { kind: 'node', major: 22 },
  { kind: 'node', major: 24 },
]

/** `images.ts [--engine]`: builds the default images, or only tells which engine answers. */
async function main(args: readonly string[]): Promise<void> {
  const engine = await findEngine({
    env: process.env,
    home: homedir(),
    platform: process.platform,
    ...(process.getuid && { uid: process.getuid() }),
  })
  process.stdout.write(`Engine: ${engine.address} (${engine.source})\n`)
  if (args.includes('--engine')) return
  const context = {
    docker: engine.docker,
    env: process.env,
    assets: resolve(import.meta.dirname, '..'),
    onProgress: (message: string) => void process.stdout.write(`  ${message}\n`),
  }
  for (const need of DEFAULT_NEEDS) await ensureImage(context, need)
  process.stdout.write('Images: agent, node-22, node-24\n')
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const { code, message, next } = toFailure(error)
  process.stderr.write(`${code}: ${message}\n${next}\n`)
  process.exitCode = 1
}
