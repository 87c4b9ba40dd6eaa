import { failures } from '../../contract/failures.ts'
import { ContainerFrame, FrameError, readFrames } from '../../contract/frames.ts'
import { createCapture } from './capture.ts'
import type { RelayEnd, RelayHandler, RelayLimits, ServeRelay } from './relay.ts'
import { createRelaySession } from './relaySession.ts'
import type { Container, Exit } from './sandbox.ts'

/** Why the container of an install was ended whose volume nobody could watch. */
const unwatched = 'the program that watches it in the container did not start'

/**
 * Pumps frames between a container's stdio and the handler until the container exits. Whatever
 * breaks the protocol ends the container and throws `agent-broken`; nothing sent after is used.
 */
export const serveRelay: ServeRelay = async (container, handler, limits, signal, onOutput) => {
  const capture = createCapture(limits.maxOutputBytes)
  const output = (chunk: Buffer) => {
    capture.add(chunk)
    onOutput?.(chunk)
  }
  container.stderr.on('data', output)
  const stop = () => void container.remove().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const exit = await pump(container, handler, limits, output)
    if (exit.unwatched) throw failures.engineRefused('watch the disk of an install', unwatched)
    if (exit.diskFull) throw failures.diskFull('The volume that packages are installed into')
    return end(exit, signal, capture.result())
  } finally {
    signal.removeEventListener('abort', stop)
    container.stderr.off('data', output)
  }
}

function end(exit: Exit, signal: AbortSignal, captured: Pick<RelayEnd, 'output' | 'truncated'>): RelayEnd {
  const cancelled = exit.cancelled || (signal.aborted && exit.exitCode === null)
  return { ...exit, cancelled, ...captured }
}

async function pump(
  container: Container,
  handler: RelayHandler,
  limits: RelayLimits,
  output: (chunk: Buffer) => void,
): Promise<Exit> {
  const session = createRelaySession(container.stdin, handler, limits, output)
  try {
    for await (const { header, payload } of readFrames(container.stdout, ContainerFrame)) {
      session.accept(header, payload)
    }
    return await container.exited
  } catch (error) {
    return await broken(container, error)
  } finally {
    session.close()
  }
}

// A container that was ended may stop inside a frame; one that speaks nonsense is ended.
async function broken(container: Container, error: unknown): Promise<Exit> {
  if (!(error instanceof FrameError)) {
    await container.remove()
    throw error
  }
  if (error.cut) {
    const exit = await container.exited
    if (exit.exitCode !== 0) return exit
  }
  await container.remove()
  throw failures.relayBroken(error.message)
}
