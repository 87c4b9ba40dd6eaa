import { dirname } from 'node:path'
import { isElsewhere } from '../../contract/elsewhere.ts'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { placeOfNone } from '../archive/read.ts'
import { openRepository } from '../git/userRepository.ts'
import type { CommandContext } from './context.ts'

/**
 * Asks, before anything begins, for the repository of a session that is to be worked on again. Throws
 * `not-a-repository` where it is gone by now, `session-state` where the session was imported and never had one here.
 */
export async function requireItsRepository(
  { env, sessions }: CommandContext,
  view: SessionView,
): Promise<void> {
  const { root } = view.task.repository
  if (isElsewhere(view)) throw failures.sessionElsewhere(view.id)
  if (view.imported !== undefined && dirname(root) === placeOfNone(sessions, view.id))
    throw failures.importedAlone(view.id)
  await openRepository(root, env).catch((error: unknown) => {
    // All else the session finds and names itself; a clone of a campaign's has no work tree.
    if (toFailure(error).code === 'not-a-repository') throw failures.folderGone(root)
  })
}
