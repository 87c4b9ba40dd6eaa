import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { tryJson } from '../../contract/json.ts'

/** Answers of a host with the tags that it knows them by: asked with its tag, what did not change costs nothing. */
export interface Kept {
  get(key: string): Answer | undefined
  put(key: string, answer: Answer): void
  /** Writes what is known now; keys that were neither read nor written since it was opened are left out. */
  save(): Promise<void>
}

const Answer = z.strictObject({ etag: z.string().max(500), value: z.unknown() })
type Answer = z.infer<typeof Answer>
const Answers = z.record(z.string(), Answer)

/** What cannot be read was never kept. */
export async function openKept(file: string): Promise<Kept> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const read = Answers.safeParse(tryJson(text))
  const before = new Map(Object.entries(read.success ? read.data : {}))
  const now = new Map<string, Answer>()
  return {
    get: (key) => {
      const found = before.get(key)
      if (found !== undefined) now.set(key, found)
      return found
    },
    put: (key, answer) => void now.set(key, answer),
    save: async () => {
      const partial = `${file}.partial`
      await writeFile(partial, JSON.stringify(Object.fromEntries(now)), { mode: 0o600 })
      await rename(partial, file)
    },
  }
}
