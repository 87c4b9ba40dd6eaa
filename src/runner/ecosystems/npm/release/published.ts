import type { Registry } from '../../../registries/npm/registry.ts'
import type { Tree } from '../../project.ts'
import { keptRelease } from '../../release/kept.ts'
import { askArchive, readRelease } from '../../release/reader.ts'
import type { Release } from '../../release/release.ts'
import { registryName } from '../moved.ts'
import { type Pair, readBeside } from './brought.ts'
import type { Outline, OutlineJob } from './outline.ts'

interface ReleaseSource {
  readonly registry: Registry
  readonly cacheDir: string
  /** Program of the reader's thread. */
  readonly reader: string
}

/** Reads the two published files of an update. Throws what the registry throws. */
export async function publishedRelease(
  tree: Tree,
  update: { readonly package: string; readonly from: string; readonly to: string },
  { registry, cacheDir, reader }: ReleaseSource,
  signal?: AbortSignal,
): Promise<Release | undefined> {
  const name = await registryName(tree, update.package)
  const version = async (wanted: string) => ({
    version: wanted,
    bytes: await registry.tarball(name, wanted, signal),
  })
  const [from, to] = await Promise.all([version(update.from), version(update.to)])
  return await keptRelease(cacheDir, [from, to], async () => {
    const outlinesOf = async (job: OutlineJob) => {
      return await askArchive<readonly [Outline, Outline]>(reader, { of: 'npm', own: job }, signal)
    }
    const outlines = await outlinesOf({ from, to })
    const of = async (pair: Pair) => await outlinesOf({ from: pair.from, to: pair.to })
    const beside = outlines === undefined ? undefined : await readBeside(name, outlines, registry, of, signal)
    const release = await readRelease(
      reader,
      { of: 'npm', from, to, ...(beside === undefined ? {} : { beside: beside.pairs }) },
      signal,
    )
    return { release, whole: beside?.whole === true }
  })
}
