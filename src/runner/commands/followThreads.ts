import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { mostThreads, type ReviewThread } from '../../contract/reviewThread.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { sessionFolder } from '../../store/home.ts'
import { hostError } from '../hosts/hostError.ts'
import { openKept } from '../hosts/kept.ts'
import type { Stranger } from '../hosts/threads.ts'
import { oneLine } from '../terminal/text.ts'
import { threadsTold } from '../threadsTold.ts'
import type { CommandContext } from './context.ts'
import { openHost } from './sync.ts'

/** What people say of a pull request, as a session takes it up. */
export interface TakenUp {
  readonly threads: readonly ReviewThread[]
  /** For the agent: their words as data, and that it accounts for each. */
  readonly said: string
  /** For the person: who was not heard, what waits, what could not be asked. */
  readonly notes: readonly string[]
}

/** Threads that nobody has answered; throws `nothing-to-follow` where there are none, `session-state`, `host-refused`. */
export async function takenUp(context: CommandContext, view: SessionView): Promise<TakenUp> {
  const number = view.pullRequest?.number
  if (number === undefined) throw failures.noPullRequest(view.id)
  const kept = await openKept(join(sessionFolder(context.sessions, view.id), 'words.json'))
  try {
    const { open, others, notes } = await openHost(context, view).threads(number, kept)
    const left = [...others.map(notHeard), ...notes]
    if (open.length === 0) throw failures.nobodySaid(left)
    const threads = open.slice(0, mostThreads)
    const more = open.length - threads.length
    return {
      threads,
      said: threadsTold(threads),
      notes: [...left, ...(more === 0 ? [] : [`${more} more threads wait for the next follow-up.`])],
    }
  } catch (error) {
    throw hostError(
      error,
      'The comments could not be read',
      `\`drydock follow-up ${view.id} --comments\` again`,
    )
  }
}

function notHeard({ author, path }: Stranger): string {
  const where = path === undefined ? '' : `, beside ${path}`
  return `Not acted upon: ${oneLine(`${author}${where}`, 200)}, who may not write to the repository.`
}
