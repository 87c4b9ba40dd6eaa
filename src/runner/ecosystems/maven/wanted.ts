import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { MavenArtifact } from '../../../contract/ecosystems/maven/install.ts'
import { tryJson } from '../../../contract/json.ts'
import { writeWhole } from '../../wholeFile.ts'

/** Artifacts remembered of one repository, at most; the newest stay. */
const most = 300

/** What offline builds of one repository wanted besides what its POMs say: every later workspace has it from the start. */
export interface Wanted {
  all(): Promise<readonly MavenArtifact[]>
  add(artifacts: readonly MavenArtifact[]): Promise<void>
}

/** Kept in a file between sessions; what cannot be read there is as if it were not there. */
export function openWanted(file: string | undefined): Wanted {
  let known: Promise<Map<string, MavenArtifact>> | undefined
  const load = () => {
    known ??= read(file)
    return known
  }
  return {
    all: async () => [...(await load()).values()],
    async add(artifacts) {
      const all = await load()
      const before = all.size
      for (const one of artifacts) all.set(JSON.stringify(one), one)
      if (file === undefined || all.size === before) return
      await writeWhole(file, JSON.stringify([...all.values()].slice(-most)))
    },
  }
}

async function read(file: string | undefined): Promise<Map<string, MavenArtifact>> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined)
  const parsed = z
    .array(MavenArtifact)
    .max(most)
    .safeParse(tryJson(text ?? '[]'))
  return new Map((parsed.success ? parsed.data : []).map((one) => [JSON.stringify(one), one]))
}
