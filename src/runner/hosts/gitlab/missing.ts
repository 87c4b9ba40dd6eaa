import { HostRefusal } from '../host.ts'

/** What may not be asked is not there. */
export function nothing(error: unknown): undefined {
  if (error instanceof HostRefusal && ['permission', 'missing'].includes(error.trouble.kind)) return undefined
  throw error
}
