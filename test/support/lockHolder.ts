/** A process that tries to take the lock of the session folder given, prints `held` or the failure's code, and waits. */
import { toFailure } from '../../src/contract/failure.ts'
import { answerControl } from '../../src/store/control.ts'
import { acquireLock } from '../../src/store/lock.ts'

let cancelling = false
const control = { cancel: () => (cancelling = true), isCancelling: () => cancelling }
try {
  await acquireLock(process.argv[2] ?? '', (socket) => answerControl(socket, control))
  console.log('held')
} catch (error) {
  console.log(toFailure(error).code)
  process.exit()
}
