import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ControlAnswer, type ControlRequest } from '../../contract/control.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'

/* A session's lock is a socket in its folder that its runner listens on (docs/decisions/0002). */

const lockName = /^lock\.(\d{1,12})\.sock$/
const answerMs = 5000
const maxAnswerBytes = 64 * 1024

/** Whether a runner holds the session. */
export async function isAlive(folder: string): Promise<boolean> {
  const socket = await connectTo(folder).catch(() => undefined)
  socket?.destroy()
  return socket !== undefined
}

/** Asks a session's runner to end. False where none is alive; one that does not answer is `session-busy`. */
export async function requestCancel(folder: string): Promise<boolean> {
  const socket = await connectTo(folder).catch(() => undefined)
  if (socket === undefined) return false
  try {
    const request: ControlRequest = { v: 1, type: 'cancel' }
    socket.write(`${JSON.stringify(request)}\n`)
    const answer = ControlAnswer.safeParse(tryJson(await firstLine(socket)))
    if (answer.success && answer.data.ok) return true
    throw failures.sessionBusy(basename(folder))
  } finally {
    socket.destroy()
  }
}

async function connectTo(folder: string): Promise<Socket | undefined> {
  if (process.platform === 'win32') return connected(await pipeName(folder))
  const names = await readdir(folder)
  const highest = Math.max(0, ...names.map((name) => Number(lockName.exec(name)?.[1] ?? 0)))
  if (highest === 0) return undefined
  return withShortPath(folder, (short) => connected(join(short, `lock.${highest}.sock`)))
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path)
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  return socket
}

/** A socket's path may have 104 bytes at most: longer ones are reached through a short link. */
async function withShortPath<Result>(
  folder: string,
  use: (short: string) => Promise<Result>,
): Promise<Result> {
  if (Buffer.byteLength(folder) < 80) return use(folder)
  const dir = await mkdtemp(join(tmpdir(), 'dd-'))
  try {
    await symlink(await realpath(folder), join(dir, 's'))
    return await use(join(dir, 's'))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function pipeName(folder: string): Promise<string> {
  const path = (await realpath(folder)).toLowerCase()
  return `\\\\.\\pipe\\drydock-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.setTimeout(answerMs, () => resolve(''))
    socket.on('close', () => resolve(''))
    // Not Node's line reader: it throws the socket's errors once more, where nobody listens.
    let said = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      said = Buffer.concat([said, chunk])
      const end = said.indexOf(10)
      if (end >= 0) resolve(said.toString('utf8', 0, end))
      else if (said.length > maxAnswerBytes) resolve('')
    })
  })
}
