import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { execa } from 'execa'
import { treeView } from '../src/runner/ecosystems/treeView.ts'
import { runInstall } from '../src/runner/install/runInstall.ts'
import { temporaryFolder } from '../test/support/madeRepository.ts'
import { type Workshop, workshop } from '../test/support/workshop.ts'
import type { BenchRow } from './row.ts'

const repetitions = 4
const manifest = {
  name: 'bench',
  version: '1.0.0',
  private: true,
  dependencies: { express: '4.21.2', webpack: '5.97.1' },
  devDependencies: { eslint: '9.17.0', mocha: '11.0.1', typescript: '5.7.2', prettier: '3.4.2' },
}

/** The least disturbed run: what else the machine does only ever adds. */
function best(values: readonly number[]): number {
  return Math.min(...values)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** The package manager's own install on the host, with a cache of its own. */
async function direct(root: string, lock: Buffer, cache: string): Promise<number> {
  await mkdir(root)
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(root, 'package-lock.json'), lock)
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--cache', cache]
  return await seconds(() => execa('npm', ['ci', ...quiet], { cwd: root, env: { NODE_ENV: '' } }))
}

/** The same through the broker, from the volume's creation to the install container's end. */
async function brokered(w: Workshop): Promise<number> {
  const { ecosystem, repository, sandbox } = w.context
  const image = await sandbox.image(w.project.image, () => undefined)
  const recipe = await ecosystem.install(await treeView(repository, w.tree), w.project, 'frozen')
  const volume = await sandbox.createVolume()
  return await seconds(() => runInstall(w.context, image, volume, recipe))
}

/** Installs through the broker against the package manager's own, cold and warm. */
export async function installRows(kept: AsyncDisposableStack): Promise<readonly BenchRow[]> {
  const folder = kept.use(await temporaryFolder())
  const files = { 'package.json': JSON.stringify(manifest) }
  const first = kept.use(await workshop(files))
  const lock = (await first.prepare()).locks[0]?.bytes ?? Buffer.alloc(0)
  const cold: { direct: number[]; brokered: number[] } = { direct: [], brokered: [] }
  const warm: { direct: number[]; brokered: number[] } = { direct: [], brokered: [] }
  for (let run = 0; run < repetitions; run++) {
    const cache = join(folder.path, `cache-${run}`)
    const w = kept.use(
      await workshop(
        { ...files, 'package-lock.json': lock },
        { cacheDir: join(folder.path, `broker-${run}`) },
      ),
    )
    for (const [name, into] of Object.entries({ cold, warm })) {
      into.direct.push(await direct(join(folder.path, `direct-${run}-${name}`), lock, cache))
      into.brokered.push(await brokered(w))
    }
  }
  const coldRatio = best(cold.brokered) / best(cold.direct)
  const warmRatio = best(warm.brokered) / best(cold.direct)
  const bothWarm = best(warm.brokered) / best(warm.direct)
  return [
    {
      what: 'install through the broker, cold, to npm ci, cold',
      value: coldRatio,
      unit: '×',
      goal: '≤ 1.25',
      ok: coldRatio <= 1.25,
    },
    {
      what: 'install through the broker, warm, to npm ci, cold',
      value: warmRatio,
      unit: '×',
      goal: '≤ 1.0',
      ok: warmRatio <= 1,
    },
    {
      what: 'install through the broker, warm, to npm ci, warm',
      value: bothWarm,
      unit: '×',
      goal: 'none',
      ok: true,
    },
    {
      what: 'install through the broker, warm',
      value: best(warm.brokered),
      unit: 's',
      goal: 'none',
      ok: true,
    },
    { what: 'npm ci on the host, warm', value: best(warm.direct), unit: 's', goal: 'none', ok: true },
    { what: 'npm ci on the host, cold', value: best(cold.direct), unit: 's', goal: 'none', ok: true },
  ]
}
