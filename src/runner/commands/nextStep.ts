import type { SessionView } from '../../contract/sessionView.ts'
import { stepToPublish } from '../../contract/toPublish.ts'
import { remoteByNow } from '../publish/laterRemote.ts'
import type { CommandContext } from './context.ts'

/** Whether there is somewhere to push to by now; a repository that cannot be read is told of when it is asked for more. */
export async function hasRemote({ env }: CommandContext, { task }: SessionView): Promise<boolean> {
  return remoteByNow(task.repository, env).then(
    (remote) => remote !== undefined,
    () => true,
  )
}

/** The command that publishes a waiting session, or what has to be done before. */
export async function nextStep(context: CommandContext, view: SessionView): Promise<string> {
  return stepToPublish(view, await hasRemote(context, view))
}
