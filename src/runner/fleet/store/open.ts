import { resolve } from 'node:path'
import { failures } from '../../../contract/failures.ts'
import { folderStore } from './folder.ts'
import { callMs, withLimits } from './limits.ts'
import type { SharedStore } from './store.ts'

export interface StorePlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly signal: AbortSignal
  /** What one call may take, ms. */
  readonly limitMs?: number
}

/** The store that `DRYDOCK_FLEET_STORE` names; undefined where it names none. Throws `bad-usage`, `store-refused`. */
export async function openStore({
  env,
  cwd,
  signal,
  limitMs = callMs,
}: StorePlace): Promise<SharedStore | undefined> {
  const named = env.DRYDOCK_FLEET_STORE ?? ''
  if (named === '') return undefined
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(named))
    return withLimits(folderStore(resolve(cwd, named)), limitMs, signal)
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(named)
  if (found === null) throw failures.badStore(withoutCredentials(named), 'that is no bucket')
  const [, bucket = '', path = ''] = found
  const prefix = path.split('/').filter((part) => part !== '')
  // A machine without such a store reads nothing of it.
  const { s3Store } = await import('./s3.ts')
  const of = { bucket, prefix: prefix.map((part) => `${part}/`).join('') }
  return withLimits(s3Store(of, env, limitMs), limitMs, signal)
}

function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//')
}
