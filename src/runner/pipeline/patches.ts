import type { PatchSource } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import { patchWarnings } from '../patch/warnings.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import type { Packaged } from './packageBase.ts'

/** Stores the patch's text and tells the log of it. */
export async function recordPatch(run: Run, source: PatchSource, patch: Update['patch']): Promise<void> {
  const { text, ...reference } = patch
  const kept = await run.log.artifacts.put(text)
  if (kept !== patch.digest) throw failures.patchRefused('it contains a secret of this session')
  run.log.emit({ type: 'patch.made', source, patch: reference })
}

/** Warnings about what the patch touches beyond the request. */
export function pathWarnings(
  base: Packaged,
  patch: Update['patch'],
  asked: readonly string[],
): ReturnType<typeof patchWarnings> {
  return patchWarnings(patch, asked, base.project.config.protectedPaths)
}
