import { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { RepositoryConfig } from '../../contract/settings.ts'
import type { Tree } from './ecosystem.ts'

/** `.drydock.json` of a tree; empty where there is none. Throws `bad-config`. */
export async function readRepositoryConfig(tree: Tree): Promise<RepositoryConfig> {
  const bytes = await tree.read('.drydock.json')
  if (bytes === undefined) return {}
  const parsed = RepositoryConfig.safeParse(tryJson(bytes))
  if (!parsed.success) throw failures.badConfig('.drydock.json', z.prettifyError(parsed.error))
  return parsed.data
}
