import type { Socket } from 'node:net'
import { basename } from 'node:path'
import { ControlAnswer, ControlRequest } from '../contract/control.ts'
import { failures } from '../contract/failures.ts'
import { tryJson } from '../contract/json.ts'
import { connectTo } from './lock.ts'

/** What a runner does when it is asked. */
export interface Control {
  /** Starts to cancel; returns at once. */
  cancel(): void
  isCancelling(): boolean
}

/** Of a session whose holder ends by itself in a moment. */
export const noControl: Control = { cancel: () => {}, isCancelling: () => false }

const maxLineBytes = 4096
const answerMs = 5000

/** Answers the requests of one connection; a bad or late one gets an error and the connection its end. */
export function answerControl(socket: Socket, control: Control): void {
  socket.setTimeout(answerMs, () => socket.destroy())
  onLines(socket, (line) => {
    if (!socket.writable) return
    const answer = answerTo(line, control)
    socket.write(`${JSON.stringify(answer)}\n`)
    if (!answer.ok) socket.end()
  })
}

/**
 * The lines that come over a socket, each of bounded length; a longer one ends the connection. Whatever the other side
 * does, its errors end here: Node's own line reader throws those of its input once more, where nobody listens.
 */
function onLines(socket: Socket, use: (line: string) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0 && end <= maxLineBytes; end = rest.indexOf(10)) {
      use(rest.toString('utf8', 0, end))
      rest = rest.subarray(end + 1)
    }
    if (rest.length > maxLineBytes) socket.destroy()
  })
}

function answerTo(line: string, control: Control): ControlAnswer {
  const request = ControlRequest.safeParse(tryJson(line))
  if (!request.success) return { ok: false, failure: failures.badUsage('The request is not known.').failure }
  if (request.data.type === 'cancel') control.cancel()
  return { ok: true, pid: process.pid, cancelling: control.isCancelling() }
}

/** Asks the runner of a session to end. False where none is alive. */
export async function requestCancel(folder: string): Promise<boolean> {
  return (await ask(folder, { v: 1, type: 'cancel' })) !== undefined
}

/** What the runner says of itself; undefined where none is alive. */
export async function requestStatus(
  folder: string,
): Promise<{ pid: number; cancelling: boolean } | undefined> {
  const answer = await ask(folder, { v: 1, type: 'status' })
  return answer === undefined ? undefined : { pid: answer.pid, cancelling: answer.cancelling }
}

/** One question, one answer; a runner that is alive and does not answer in time is `session-busy`. */
async function ask(folder: string, request: ControlRequest) {
  const socket = await connectTo(folder).catch(() => undefined)
  if (socket === undefined) return undefined
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    const answer = ControlAnswer.safeParse(tryJson((await firstLine(socket)) ?? ''))
    if (answer.success && answer.data.ok) return answer.data
    throw failures.sessionBusy(basename(folder))
  } finally {
    socket.destroy()
  }
}

function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.setTimeout(answerMs, () => resolve(undefined))
    socket.on('close', () => resolve(undefined))
    onLines(socket, resolve)
  })
}
