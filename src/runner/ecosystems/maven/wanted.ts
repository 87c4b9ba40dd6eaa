import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { MavenArtifact } from '../../../contract/ecosystems/maven/install.ts'
import { tryJson } from '../../../contract/json.ts'
import { writeWhole } from '../../wholeFile.ts'
import type { Pom } from './pom/pom.ts'

/** Artifacts remembered of one repository, at most; the newest stay. */
const most = 300
/** Builds whose own list is remembered, at most. */
const mostBuilds = 20

const Artifacts = z.array(MavenArtifact).max(most)
const Memory = z.strictObject({ all: Artifacts, builds: z.record(z.string(), Artifacts) })
type Memory = z.infer<typeof Memory>

/**
 * What offline builds of one repository wanted besides what its POMs say: every later workspace has it from the start.
 * A build that was prepared before is prepared with the same list again: what another one wanted since (the update, after
 * its base) would make a new workspace of it, and a new baseline.
 */
export interface Wanted {
  /** For a build of these POMs, in a fixed order. */
  for(poms: readonly Pom[]): Promise<readonly MavenArtifact[]>
  /** Of this session: every install from now on has it. */
  add(artifacts: readonly MavenArtifact[]): Promise<void>
}

/** Kept in a file between sessions; what cannot be read there is as if it were not there. */
export function openWanted(file: string | undefined): Wanted {
  let known: Promise<Memory> | undefined
  let written: Promise<void> = Promise.resolve()
  const added = new Map<string, MavenArtifact>()
  const load = () => {
    known ??= read(file)
    return known
  }
  const write = async (memory: Memory): Promise<void> => {
    if (file === undefined) return
    const text = JSON.stringify(memory)
    written = written.catch(() => undefined).then(() => writeWhole(file, text))
    await written
  }
  return {
    async for(poms) {
      const memory = await load()
      const build = digest(poms)
      const before = memory.builds[build]
      const list = merged(before ?? memory.all, [...added.values()])
      if (before?.length === list.length) return list
      const others = Object.entries(memory.builds).filter(([other]) => other !== build)
      memory.builds = Object.fromEntries([...others, [build, list] as const].slice(-mostBuilds))
      await write(memory)
      return list
    },
    async add(artifacts) {
      const memory = await load()
      for (const one of artifacts) added.set(JSON.stringify(one), one)
      const all = merged(memory.all, artifacts)
      if (all.length === memory.all.length) return
      memory.all = all
      await write(memory)
    },
  }
}

/** Sorted: the list is part of a workspace's key. */
function merged(before: readonly MavenArtifact[], more: readonly MavenArtifact[]): MavenArtifact[] {
  const unique = new Map([...before, ...more].map((one) => [JSON.stringify(one), one]))
  return [...unique]
    .slice(-most)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, artifact]) => artifact)
}

function digest(poms: readonly Pom[]): string {
  const texts = poms.map(({ path, source }) => [path, source])
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32)
}

async function read(file: string | undefined): Promise<Memory> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined)
  const parsed = Memory.safeParse(tryJson(text ?? ''))
  return parsed.success ? parsed.data : { all: [], builds: {} }
}
