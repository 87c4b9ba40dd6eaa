import { readFile } from 'node:fs/promises'
import type { z } from 'zod'

/** Results of earlier runs, one JSON value a line; none where there is no such file, and what has another form is left out. */
export async function readResultLines<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<readonly z.infer<Schema>[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  return lines.flatMap((line) => {
    const parsed = schema.safeParse(JSON.parse(line))
    return parsed.success ? [parsed.data] : []
  })
}
