import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'

/** Bundles the reporters as the images carry them, into a new folder. */
export async function bundleReporters(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'drydock-reporters-'))
  const source = path.resolve(import.meta.dirname, '../../sandbox/reporters')
  const options = { bundle: true, platform: 'node', outdir: folder } as const
  const cjs = ['preload', 'jest', 'playwright'].map((name) => path.join(source, `${name}.ts`))
  const esm = ['node-runner', 'hooks'].map((name) => path.join(source, `${name}.ts`))
  await build({
    ...options,
    target: 'node10',
    entryPoints: cjs,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  })
  await build({
    ...options,
    target: 'node18',
    entryPoints: esm,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  })
  return folder
}
