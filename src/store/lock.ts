import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { link, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { hasCode } from './files.ts'

/**
 * A session's lock is a socket in its folder that somebody listens on. Sockets are numbered: the one with
 * the highest number is the lock, and who finds it dead may take the next number. A number is taken by a
 * hard link to a socket that already listens, so of two claimants exactly one gets it; and a claimant that
 * finds a higher number afterwards has lost. The highest one is never removed, only those below it.
 */
export interface Lock {
  release(): Promise<void>
}

const lockName = /^lock\.(\d{1,12})\.sock$/

/** Listens on the session's socket. Throws `session-busy` where somebody does already. */
export async function acquireLock(folder: string, onConnection: (socket: Socket) => void): Promise<Lock> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  const release = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  if (process.platform === 'win32') await listenOnPipe(server, folder)
  else await listenInFolder(server, folder, release)
  return { release }
}

async function listenOnPipe(server: Server, folder: string): Promise<void> {
  try {
    await listen(server, await pipeName(folder))
  } catch (error) {
    throw hasCode(error, 'EADDRINUSE') ? failures.sessionBusy(basename(folder)) : error
  }
}

async function listenInFolder(server: Server, folder: string, release: () => Promise<void>): Promise<void> {
  const highest = await highestLock(folder)
  if (highest > 0 && (await answers(folder))) throw failures.sessionBusy(basename(folder))
  const claim = `claim.${randomBytes(6).toString('hex')}.sock`
  await withShortPath(folder, (short) => listen(server, join(short, claim)))
  try {
    await takeNumber(folder, claim, highest + 1)
  } catch (error) {
    await release()
    throw error
  } finally {
    await rm(join(folder, claim), { force: true })
  }
}

async function takeNumber(folder: string, claim: string, number: number): Promise<void> {
  const own = join(folder, `lock.${number}.sock`)
  try {
    await link(join(folder, claim), own)
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? failures.sessionBusy(basename(folder)) : error
  }
  const numbers = await lockNumbers(folder)
  if (numbers.some((other) => other > number)) {
    await rm(own, { force: true })
    throw failures.sessionBusy(basename(folder))
  }
  for (const lower of numbers.filter((other) => other < number)) {
    await rm(join(folder, `lock.${lower}.sock`), { force: true })
  }
}

/** Whether somebody holds the session's lock. Throws `bad-log` where that cannot be seen. */
export async function isAlive(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return answers(folder)
  return (await highestLock(folder)) > 0 && answers(folder)
}

async function answers(folder: string): Promise<boolean> {
  const socket = await connectTo(folder).catch(() => undefined)
  socket?.destroy()
  return socket !== undefined
}

/** Connects to whoever holds the lock; rejects where nobody does. */
export async function connectTo(folder: string): Promise<Socket> {
  if (process.platform === 'win32') return connected(await pipeName(folder))
  const name = `lock.${await highestLock(folder)}.sock`
  return withShortPath(folder, (short) => connected(join(short, name)))
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path)
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  return socket
}

async function listen(server: Server, path: string): Promise<void> {
  const listening = once(server, 'listening')
  server.listen(path)
  await listening
  // A connection that could not be accepted is its client's trouble; the next one may be.
  server.on('error', () => {})
}

async function lockNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw failures.unreadableSession(folder, toFailure(error).message)
  })
  return names.flatMap((name) => {
    const number = lockName.exec(name)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

async function highestLock(folder: string): Promise<number> {
  return Math.max(0, ...(await lockNumbers(folder)))
}

/** A socket's path may have 104 bytes at most: reach the folder through a short link. */
async function withShortPath<Result>(
  folder: string,
  use: (short: string) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'dd-'))
  try {
    await symlink(await realpath(folder), join(dir, 's'))
    return await use(join(dir, 's'))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function pipeName(folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update((await realpath(folder)).toLowerCase())
    .digest('hex')
  return `\\\\.\\pipe\\drydock-${hash.slice(0, 32)}`
}
