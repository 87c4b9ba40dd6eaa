import cacache from 'cacache'
import ssri from 'ssri'

/** Downloads on the host by their declared integrity; nothing unchecked goes in or comes out. */
export interface Store {
  get(integrity: string): Promise<Buffer | undefined>
  /** False where the bytes are not what the integrity says; they are then not kept. */
  put(integrity: string, bytes: Buffer): Promise<boolean>
}

export function openStore(dir: string): Store {
  return {
    get: async (integrity) => {
      try {
        const { data } = await cacache.get(dir, key(integrity), { memoize: false })
        return matches(data, integrity) ? data : undefined
      } catch {
        // Missing or damaged on disk: both mean a new download.
        return undefined
      }
    },
    put: async (integrity, bytes) => {
      if (!matches(bytes, integrity)) return false
      await cacache.put(dir, key(integrity), bytes, { memoize: false })
      return true
    },
  }
}

function key(integrity: string): string {
  return `drydock:${ssri.parse(integrity, { single: false }).toString()}`
}

function matches(bytes: Buffer, integrity: string): boolean {
  return ssri.checkData(bytes, integrity) !== false
}
