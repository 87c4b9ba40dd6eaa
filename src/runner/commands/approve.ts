import { isElsewhere } from '../../contract/elsewhere.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { noControl } from '../../store/control.ts'
import { readSession } from '../../store/session.ts'
import { holdFor } from '../follow.ts'
import { userIdentity } from '../git/remote.ts'
import { approveOnce } from '../publish/approve.ts'
import { type CommandContext, printSession } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { wordOf } from './publish.ts'

export interface ApproveFlags {
  readonly acknowledge: readonly string[]
  readonly withoutJudge?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/**
 * `drydock approve`: a person's word alone. That of a session which another machine has is sent there; of one that is here
 * it stands in the log, and `drydock publish` asks for none any more.
 */
export async function approveCommand(
  context: CommandContext,
  id: string,
  flags: ApproveFlags,
): Promise<number> {
  const { sessions, stdout, colors: c } = context
  const before = await readSession(sessions, id)
  const { acknowledge: acknowledged, ...rest } = await wordOf(context, id, flags)
  const word = { acknowledged, ...rest }
  const elsewhere = isElsewhere(before)
  if (elsewhere)
    await (await import('./fleet/decided.ts')).decideElsewhere(context, before, {
      verdict: 'approve',
      ...word,
    })
  else await approveHere(context, before, word)
  const view = await readSession(sessions, id)
  if (flags.json === true) printSession(context, view)
  else if (elsewhere) stdout.write(`${c.green('✔')} ${sentThere(view)}`)
  else stdout.write(`${c.green('✔')} ${c.bold('Approved')}  ${id}\nPublish it: drydock publish ${id}\n`)
  return exitCodes.done
}

/** What a person is told whose word is on its way. */
export function sentThere({ imported }: SessionView): string {
  const { worker = '', campaign = '' } = imported?.elsewhere ?? {}
  const host = worker.replace(/:\d+$/, '')
  return `Your word is on its way to ${host === '' ? 'its machine' : host}, which publishes.\nWhether it was taken: drydock fleet fetch ${campaign}\n`
}

async function approveHere(
  context: CommandContext,
  { id, task }: SessionView,
  word: Parameters<typeof approveOnce>[1],
): Promise<void> {
  const who = await userIdentity(task.repository.root, context.env).catch(() => undefined)
  const held = await holdFor(context, id, 'publish', { control: noControl })
  try {
    held.log.emit(approveOnce(held.view(), { ...word, by: who?.name }))
  } finally {
    await held.release()
  }
}
