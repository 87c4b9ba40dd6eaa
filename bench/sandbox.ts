import { execa } from 'execa'
import type { Image, SealedWorkspace } from '../src/runner/docker/sandbox.ts'
import { type TestSandbox, testSandbox } from '../test/support/sandbox.ts'
import { type BenchRow, median } from './row.ts'

const ROUNDS = 11

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

// A prepared workspace of ordinary size: what lies beneath must not matter.
async function sealedFiles(box: TestSandbox, image: Image): Promise<SealedWorkspace> {
  const volume = await box.sandbox.createVolume()
  const container = await box.sandbox.start({ kind: 'install', image, workspace: { unsealed: volume } })
  const script = 'for d in $(seq 200); do mkdir d$d; for f in $(seq 50); do echo x > d$d/f$f; done; done'
  await container.exec(['sh', '-c', script], { timeoutMs: 120_000, maxOutputBytes: 1000 })
  await container.remove()
  return { volume, key: 'bench' }
}

/** Fresh workspace container against `docker run --rm IMAGE true`, taking turns in one run. */
export async function sandboxRows(): Promise<readonly BenchRow[]> {
  await using box = await testSandbox()
  const image = await box.image()
  const sealed = await sealedFiles(box, image)
  const plain: number[] = []
  const fresh: number[] = []
  const execs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(await timed(() => execa('docker', ['run', '--rm', '--network', 'none', image.id, 'true'])))
    fresh.push(await timed(() => freshContainer(box, image, sealed)))
    execs.push(await execOnce(box, image))
  }
  const ratio = median(fresh) / median(plain)
  return [
    { what: 'docker run --rm IMAGE true', value: median(plain), unit: 'ms', goal: 'none', ok: true },
    { what: 'fresh workspace container', value: median(fresh), unit: 'ms', goal: 'none', ok: true },
    {
      what: 'fresh workspace container against docker run',
      value: ratio,
      unit: '×',
      goal: '≤ 1.3',
      ok: ratio <= 1.3,
    },
    { what: 'exec in a running container', value: median(execs), unit: 'ms', goal: 'none', ok: true },
  ]
}

async function freshContainer(box: TestSandbox, image: Image, sealed: SealedWorkspace): Promise<void> {
  const workspace = await box.sandbox.workspace(sealed)
  const container = await box.sandbox.start({ kind: 'project', image, workspace, command: ['true'] })
  container.stdout.resume()
  await container.exited
  await container.remove()
}

async function execOnce(box: TestSandbox, image: Image): Promise<number> {
  const container = await box.sandbox.start({ kind: 'project', image })
  const run = () => container.exec(['true'], { timeoutMs: 10_000, maxOutputBytes: 1000 })
  const took = await timed(run)
  await container.remove()
  return took
}
