import { setTimeout as sleep } from 'node:timers/promises'
import { sessionFolder } from '../../store/home.ts'
import { readEvents } from '../../store/read.ts'
import { readTask } from '../../store/session.ts'
import { plainLine } from '../terminal/progress.ts'
import type { CommandContext } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface ReplayFlags {
  /** Times as fast as it was; everything at once where undefined. */
  readonly speed?: number
  readonly json?: boolean
}

/** `drydock replay`: the log once more, as it was shown; `--json` gives the events themselves. */
export async function replay(context: CommandContext, id: string, flags: ReplayFlags): Promise<number> {
  await readTask(context.sessions, id)
  let before: number | undefined
  for (const event of await readEvents(sessionFolder(context.sessions, id))) {
    const time = Date.parse(event.time)
    if (flags.speed !== undefined && before !== undefined) await pause(context, (time - before) / flags.speed)
    before = time
    if (flags.json === true) {
      context.stdout.write(`${JSON.stringify(event)}\n`)
      continue
    }
    const line = plainLine(event, context.colors)
    if (line !== undefined) context.stdout.write(`${context.colors.dim(localClock(event.time))} ${line}\n`)
  }
  return exitCodes.done
}

/** Longer than a timer can be told to wait: weeks between an end and a decision. */
const longest = 2 ** 31 - 1

/** A clock that was set back while the session ran costs no time. */
async function pause({ signal }: CommandContext, ms: number): Promise<void> {
  signal.throwIfAborted()
  if (ms > 0) await sleep(Math.min(ms, longest), undefined, { signal }).catch(() => signal.throwIfAborted())
}

/** Hours, minutes and seconds where the reader is. */
function localClock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8)
}
