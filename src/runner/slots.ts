import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../contract/failure.ts'
import { acquireLock, connectTo, type Lock } from '../store/lock.ts'

/**
 * Takes one of `count` slots in a folder, waiting for the first that becomes free. A slot is a lock like a
 * session's: it is given up when its holder releases it or dies. `onWait` is called once where none is free.
 */
export async function takeSlot(
  folder: string,
  count: number,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Lock> {
  for (let round = 0; ; round += 1) {
    signal.throwIfAborted()
    const free = await firstFree(folder, count)
    if (free !== undefined) return free
    if (round === 0) onWait()
    await anyReleased(folder, count, signal)
  }
}

function slotFolder(folder: string, slot: number): string {
  return join(folder, `slot-${slot}`)
}

async function firstFree(folder: string, count: number): Promise<Lock | undefined> {
  for (let slot = 0; slot < count; slot += 1) {
    const place = slotFolder(folder, slot)
    await mkdir(place, { recursive: true, mode: 0o700 })
    try {
      // A connection to a slot stays open until its holder is gone: that is how the others learn of it.
      return await acquireLock(place, (socket) => socket.on('error', () => socket.destroy()))
    } catch (error) {
      if (!(error instanceof DrydockError) || error.failure.code !== 'session-busy') throw error
    }
  }
  return undefined
}

async function anyReleased(folder: string, count: number, signal: AbortSignal): Promise<void> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const released = Array.from({ length: count }, async (_, slot) => {
    const socket = await connectTo(slotFolder(folder, slot)).catch(() => undefined)
    // Its holder may have died since: the end of such a connection was told to nobody.
    if (socket === undefined || socket.destroyed) return
    socket.on('error', () => socket.destroy())
    socket.resume()
    try {
      // A holder that was killed may break the connection off: its slot is free all the same.
      await once(socket, 'close', { signal: both }).catch(() => undefined)
    } finally {
      socket.destroy()
    }
  })
  try {
    await Promise.race(released)
  } finally {
    stop.abort()
    await Promise.allSettled(released)
  }
}
