import { posix, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'
import cacache from 'cacache'
import ssri from 'ssri'
import { gather, type Held, keep, readKept, whole } from './held.ts'

/** Downloads on the host by their declared integrity; nothing unchecked goes in or comes out. */
export interface Store {
  /** The whole of it. */
  get(integrity: string): Promise<Buffer | undefined>
  /** The same, without taking what is large into memory. */
  open(integrity: string): Promise<Held | undefined>
  /** Where the file lies, in the store's layout; its bytes are not looked at. */
  find(integrity: string): Promise<StoredFile | undefined>
  /** False where the bytes are not what the integrity says; they are then not kept. */
  put(integrity: string, bytes: Buffer): Promise<boolean>
  /** The same of what is still to come; undefined where it is not what the integrity says. */
  take(integrity: string, body: Readable): Promise<Held | undefined>
}

export interface StoredFile {
  readonly path: string
  /** Relative to the store: `content-v2/sha512/…`. */
  readonly name: string
  /** Bytes. */
  readonly size: number
}

export function openStore(dir: string): Store {
  const open: Store['open'] = async (integrity) => (await readKept(dir, key(integrity), integrity))?.held
  const put: Store['put'] = async (integrity, bytes) => {
    if (ssri.checkData(bytes, integrity) === false) return false
    await cacache.put(dir, key(integrity), bytes, { memoize: false })
    return true
  }
  return {
    open,
    put,
    find: async (integrity) => {
      const found = await cacache.get.info(dir, key(integrity)).catch(() => null)
      if (found === null || found.size === undefined) return undefined
      return {
        path: found.path,
        name: relative(dir, found.path).replaceAll(sep, posix.sep),
        size: found.size,
      }
    },
    get: async (integrity) => {
      const held = await open(integrity)
      return held === undefined ? undefined : await whole(held)
    },
    take: async (integrity, body) => {
      const come = await gather(body)
      if (!Buffer.isBuffer(come)) return await keep(dir, key(integrity), come, { integrity })
      return (await put(integrity, come)) ? come : undefined
    },
  }
}

function key(integrity: string): string {
  return `drydock:${ssri.parse(integrity, { single: false }).toString()}`
}
