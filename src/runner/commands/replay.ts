import { setTimeout as sleep } from 'node:timers/promises'
import { exchangeText } from '../../contract/exchange.ts'
import { failures } from '../../contract/failures.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { readExchange } from '../../store/exchange.ts'
import { sessionFolder } from '../../store/home.ts'
import { readEvents } from '../../store/read.ts'
import { readTask } from '../../store/session.ts'
import { plainLine } from '../terminal/progress.ts'
import { printable } from '../terminal/text.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface ReplayFlags {
  /** Times as fast as it was; everything at once where undefined. */
  readonly speed?: number
  /** `attempt.turn`, or a turn of the first attempt. */
  readonly turn?: string
  readonly json?: boolean
}

/** `drydock replay`: the log once more, as it was shown; `--json` gives the events themselves. */
export async function replay(context: CommandContext, id: string, flags: ReplayFlags): Promise<number> {
  await readTask(context.sessions, id)
  if (flags.turn !== undefined) return await showTurn(context, id, flags.turn, flags.json === true)
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

async function showTurn(context: CommandContext, id: string, named: string, json: boolean): Promise<number> {
  const [, first = '', second] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(named) ?? []
  if (first === '') throw failures.badUsage(`--turn ${printable(named)} is no attempt and turn, such as 1.3.`)
  const [attempt, turn] = second === undefined ? [1, Number(first)] : [Number(first), Number(second)]
  const folder = sessionFolder(context.sessions, id)
  const events = await readEvents(folder)
  const found = events.find(
    (event) => event.type === 'agent.turn' && event.attempt === attempt && event.turn === turn,
  )
  if (found?.type !== 'agent.turn') throw failures.noSuchTurn(id, attempt, turn)
  if (found.exchange === undefined) throw failures.exchangeNotKept(id, attempt, turn)
  const whole = await readExchange((digest) => readArtifact(folder, digest), found.exchange)
  if (json) printJson(context, whole)
  else context.stdout.write(printable(exchangeText(whole)))
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
