import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'

const broken = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])
const gone = /no such (container|exec|volume)|is not running|removal of container|marked for removal/i
/** A writable layer goes with the container that holds it. */
const layerGone = /failed to mount local volume[\s\S]*no such file or directory/i

const engineDisk = 'A volume or the disk of the container engine'
const full = /no space left on device|disk quota exceeded/i

/**
 * What the engine's own trouble is called, where that is what ended a run: `engine-lost` where it or a container went
 * away, `disk-full` where it has no room, `engine-refused` where it would not. Undefined for everything that the code under test can bring about.
 */
export function engineFault(error: unknown): DrydockError | undefined {
  if (error instanceof DrydockError) {
    const { code, message, detail } = error.failure
    if (code === 'engine-lost') return error
    if (code === 'engine-not-found') return failures.engineLost(message)
    if (code === 'image-build-failed' && full.test(detail ?? message)) return failures.diskFull(engineDisk)
    if (code !== 'engine-refused') return undefined
    if (full.test(detail ?? message)) return failures.diskFull(engineDisk)
    const lost = gone.test(detail ?? message) || layerGone.test(detail ?? message)
    return lost ? failures.engineLost(detail ?? message) : error
  }
  if (!(error instanceof Error)) return undefined
  const { code, syscall, statusCode } = error as NodeJS.ErrnoException & { readonly statusCode?: unknown }
  if (typeof statusCode === 'number' && full.test(error.message)) return failures.diskFull(engineDisk)
  const lost =
    typeof statusCode === 'number' ||
    (code !== undefined && broken.has(code)) ||
    (code === 'ENOENT' && syscall === 'connect') ||
    /socket hang up/.test(error.message)
  return lost ? failures.engineLost(error.message) : undefined
}
