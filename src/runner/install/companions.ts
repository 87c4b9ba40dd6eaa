import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Container, Image } from '../docker/sandbox.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project, Tree } from '../ecosystems/project.ts'
import type { CompanionRecipe } from '../ecosystems/recipe.ts'
import type { InstallContext } from './runInstall.ts'
import { installAndRead, withVolume } from './volume.ts'

/** Files that go with a lock file; null: removed. */
export interface Companions {
  readonly files: ReadonlyMap<string, Buffer | null>
  readonly warnings: readonly Warning[]
}

/** A patch holds what comes and what goes; more than this does not fit, bytes. */
const maxArchiveBytes = 3_000_000
const maxLoaderBytes = 64_000_000
const none: Companions = { files: new Map(), warnings: [] }

/** Lets the package manager write what a repository keeps beside its lock file. What cannot be written is named. */
export async function writeCompanions(
  context: InstallContext,
  ecosystem: Ecosystem,
  image: Image,
  tree: Tree,
  project: Project,
): Promise<Companions> {
  const recipe = await ecosystem.companions?.(tree, project)
  if (recipe === undefined) return none
  return withVolume(context.sandbox, async (volume) => {
    try {
      return await installAndRead(context, image, volume, recipe, async (reader) => {
        const files = await keptFiles(reader, recipe, tree)
        return withArchives(recipe, files, await newArchives(context, reader, recipe, tree))
      })
    } catch (error) {
      if (!(error instanceof DrydockError) || error.failure.code === 'cancelled') throw error
      return { files: new Map(), warnings: recipe.kept.map((path) => stale(path, error.failure.message)) }
    }
  })
}

async function keptFiles(
  reader: Container,
  { kept, merge }: CompanionRecipe,
  tree: Tree,
): Promise<Map<string, Buffer | null>> {
  const files = new Map<string, Buffer | null>()
  for (const path of kept) {
    const bytes = await reader.readFile(`/workspace/${path}`, maxLoaderBytes)
    const before = await tree.read(path)
    const after = bytes === undefined || before === undefined ? bytes : merge(before, bytes)
    if (after === undefined) files.set(path, null)
    else if (before?.equals(after) !== true) files.set(path, after)
  }
  return files
}

interface Archives {
  readonly added: ReadonlyMap<string, Buffer>
  readonly removed: readonly string[]
  readonly bytes: number
}

/** Their names tell their content apart. */
async function newArchives(
  { signal }: InstallContext,
  reader: Container,
  { archives, isGone }: CompanionRecipe,
  tree: Tree,
): Promise<Archives> {
  if (archives === undefined) return { added: new Map(), removed: [], bytes: 0 }
  const folder = `/workspace/${archives.folder}`
  const { output, truncated } = await reader.exec(['/bin/ls', '-1', folder], {
    ...{ timeoutMs: 60_000, maxOutputBytes: 4_000_000, signal },
  })
  if (truncated) throw failures.installFailed(`${archives.folder} holds too many files`, '')
  const names = output.toString('utf8').split('\n')
  const now = names.filter((name) => name.endsWith('.zip')).map((name) => `${archives.folder}/${name}`)
  const added = new Map<string, Buffer>()
  for (const path of now.filter((one) => !archives.paths.includes(one))) {
    const bytes = await reader.readFile(`/workspace/${path}`, maxLoaderBytes)
    if (bytes !== undefined) added.set(path, bytes)
  }
  const removed = archives.paths.filter((path) => !now.includes(path) && isGone(path))
  const old = await Promise.all(removed.map(async (path) => (await tree.read(path)) ?? Buffer.alloc(0)))
  const bytes = [...added.values(), ...old].reduce((sum, { length }) => sum + length, 0)
  return { added, removed, bytes }
}

function withArchives(
  { archives }: CompanionRecipe,
  files: Map<string, Buffer | null>,
  { added, removed, bytes }: Archives,
): Companions {
  if (bytes > maxArchiveBytes) {
    const why = 'it is too large for a patch'
    return { files, warnings: [...added.keys(), ...removed].map((path) => stale(path, why)) }
  }
  for (const [path, content] of added) files.set(path, content)
  for (const path of removed) files.set(path, null)
  if (archives === undefined || added.size + removed.length === 0) return { files, warnings: [] }
  const warning: Warning = {
    code: `archives:${archives.folder}`,
    message: `${added.size} archives of packages come into ${archives.folder} and ${removed.length} go, as the package manager wrote them: no diff shows what is in them.`,
    path: archives.folder,
    severity: 'acknowledge',
  }
  return { files, warnings: [warning] }
}

function stale(path: string, why: string): Warning {
  return {
    code: `stale:${path}`,
    message: `${path} is not what the lock file says any more (${why}): run the install of the package manager on the branch, and commit it.`,
    path,
    severity: 'acknowledge',
  }
}
