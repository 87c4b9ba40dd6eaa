import { InstallError } from '../install/runInstall.ts'
import { prepareBare } from '../prepare/bare.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { inStage } from './inStage.ts'
import type { Packaged } from './packageBase.ts'
import { type PrepareWish, prepareContext, prepareTree } from './prepareTree.ts'

/** The update, installed; or its files alone, where its own manifests keep it from that. */
export interface InstalledUpdate {
  readonly prepared: Prepared
  /** What keeps it from being installed, and the failure that told it. */
  readonly broken?: { readonly why: string; readonly error: InstallError }
}

/**
 * Installs the update. What manifests say and another edit of them would mend is a break like any other: a version that
 * a parent no longer manages, say. What a registry or the machine lacks is not.
 */
export async function installUpdate(run: Run, base: Packaged, wish: PrepareWish): Promise<InstalledUpdate> {
  try {
    return { prepared: await prepareTree(run, base, wish) }
  } catch (error) {
    if (run.signal.aborted || !(error instanceof InstallError)) throw error
    const why = base.ecosystem.words.ofManifests?.(error.log)
    if (why === undefined) throw error
    const prepared = await inStage(
      run,
      { stage: 'prepare', role: wish.role },
      (progress) => prepareBare(prepareContext(run, base, progress), wish),
      () => ({ detail: 'the files alone' }),
    )
    return { prepared, broken: { why: `The update cannot be installed: ${why}`, error } }
  }
}
