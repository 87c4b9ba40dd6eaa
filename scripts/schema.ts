import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { RepositoryConfig } from '../src/contract/settings.ts'

/** The JSON schema of `.drydock.json`, as the editor completes and checks it. */
export function repositoryConfigSchema(): string {
  const schema = z.toJSONSchema(RepositoryConfig, { io: 'input' })
  const title = "Drydock's configuration of this repository: it can narrow what a run may do, not widen it."
  return `${JSON.stringify({ title, ...schema }, undefined, 2)}\n`
}

if (import.meta.main) {
  await writeFile(
    join(resolve(import.meta.dirname, '..'), 'schemas/drydock.schema.json'),
    repositoryConfigSchema(),
  )
}
