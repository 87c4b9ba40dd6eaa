import { failures } from '../../contract/failures.ts'
import { HostRefusal } from './host.ts'

/** What is to be thrown: `host-refused` with `what` did not happen and what to do `again`; any other error as it is. */
export function hostError(error: unknown, what: string, again: string): unknown {
  return error instanceof HostRefusal ? failures.hostFailed(what, error.trouble, again) : error
}
