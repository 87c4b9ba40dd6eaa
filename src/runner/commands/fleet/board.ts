import { once } from 'node:events'
import { failures } from '../../../contract/failures.ts'
import { loadBoard, serveBoard } from '../../fleet/board.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openQueued } from './queued.ts'

export interface BoardFlags {
  readonly port?: number
  readonly host?: string
  readonly from?: string
}

/** Addresses that nothing but this machine reaches. */
const loopback = new Map([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['::1', '::1'],
])

/** `drydock fleet board`: the queue in Bull Board, on loopback, until Ctrl-C. */
export async function board(context: CommandContext, flags: BoardFlags): Promise<number> {
  const host = loopback.get(flags.host ?? '127.0.0.1')
  if (host === undefined) throw failures.boardElsewhere(flags.host ?? '')
  const { port = 0 } = flags
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw failures.badUsage(`${port} is no port.`)
  const parts = loadBoard(flags.from)
  await using fleet = await openQueued(context, 'A board')
  const { openBoardQueue } = await import('../../fleet/redis/queue.ts')
  await using opened = openBoardQueue(fleet.connected)
  await using served = await serveBoard(parts, opened.queue, { host, port })
  const { stdout, colors, signal } = context
  stdout.write(`${colors.bold('Board')}  ${served.url}  of ${fleet.where}\n`)
  stdout.write(
    `${colors.yellow('!')} It has no authentication: whoever is on this machine can read it. Nothing can be changed through it. Ctrl-C ends it.\n`,
  )
  if (!signal.aborted) await once(signal, 'abort')
  return exitCodes.done
}
