import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixtureSessions } from '../test/support/panel/sessions.ts'

const folder = join(import.meta.dirname, '../test/fixtures/sessions')

/** Writes a session of every kind to `test/fixtures/sessions`: its log, and the artifacts of all of them. */
async function main(): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'artifacts'), { recursive: true })
  for (const [name, log] of fixtureSessions()) {
    await writeFile(join(folder, `${name}.jsonl`), log.text)
    for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
  }
}

await main()
