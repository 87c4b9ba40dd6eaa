import type { Release } from '../ecosystems/release/release.ts'
import type { Run } from '../run.ts'
import type { Packaged } from './packageBase.ts'

/** What a version changed; undefined where it cannot be read: who asks can do without, a registry may have lost the old one. */
export async function releaseOf(
  { signal }: Pick<Run, 'signal'>,
  { ecosystem, view }: Pick<Packaged, 'ecosystem' | 'view'>,
  wish: { readonly package: string; readonly from: string; readonly to: string },
): Promise<Release | undefined> {
  try {
    return await ecosystem.release?.(view, wish, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
