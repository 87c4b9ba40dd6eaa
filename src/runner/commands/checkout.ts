import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { shellWord } from '../../contract/text.ts'
import { readSession } from '../../store/session.ts'
import { checkOut, isThere } from '../git/checkOut.ts'
import { readPatch } from '../patch/read.ts'
import { patchText } from '../terminal/summary.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

/**
 * `drydock checkout`: the session's patch in a new work tree of the repository, to look at and to run; the user's own
 * work tree, branches and stash stay as they are. One that is there already is told again.
 */
export async function checkout(
  context: CommandContext,
  id: string,
  flags: { readonly to?: string; readonly json?: boolean },
): Promise<number> {
  const view = await readSession(context.sessions, id)
  if (view.patch === null) throw failures.sessionState(id, 'without a change', 'one with a patch')
  const { root, includeUncommitted } = view.task.repository
  if (includeUncommitted) throw failures.dirtyNotCommitted()
  const { digest, baseCommit } = view.patch
  const own = join(dirname(context.sessions), 'worktrees', `${id}-${digest.slice(0, 8)}`)
  const folder = flags.to === undefined ? own : resolve(context.cwd, flags.to)
  if (flags.to !== undefined && (await isThere(folder)))
    throw failures.badUsage(`${folder} is there already: name a folder that is not.`)
  if (!(await isThere(folder))) {
    await mkdir(dirname(folder), { recursive: true })
    const patch = readPatch(await patchText(context, view), baseCommit)
    await checkOut({ root, folder, patch }, context.env)
  }
  if (flags.json === true) printJson(context, { folder })
  else
    context.stdout.write(
      `${folder}\nRemove it with \`git -C ${shellWord(root)} worktree remove --force ${shellWord(folder)}\` when you are done.\n`,
    )
  return exitCodes.done
}
