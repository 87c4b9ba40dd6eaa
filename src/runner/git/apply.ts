import { failures } from '../../contract/failures.ts'
import { foldPath } from '../../contract/paths.ts'
import { readPatch } from '../patch/read.ts'
import { rawDiff, records } from './objects.ts'
import type { Git } from './program.ts'
import { withIndex } from './temporaryIndex.ts'

const allowedModes = new Set(['000000', '100644', '100755'])

/** A tree with the patch applied in a temporary index; policy comes first, git's own refusal second. */
export async function applyPatch(git: Git, dir: string, tree: string, patchText: string): Promise<string> {
  if (patchText === '') return tree
  const patch = readPatch(patchText, '0'.repeat(40))
  const applied = await withIndex(git, dir, tree, async (index) => {
    const result = await git.run(['apply', '--cached', '--whitespace=nowarn', '-p1', '-'], {
      env: index,
      input: patchText,
      answers: [1, 128],
    })
    if (result.exitCode !== 0) throw failures.patchRefused('it does not fit the tree', result.stderr)
    return git.text(['write-tree'], { env: index })
  })
  const added = patch.files.filter((file) => file.status === 'added').map((file) => file.path)
  if (added.length > 0) refuseCollisions(await treeNames(git, tree), added)
  await refuseSurprises(git, tree, applied, new Set(patch.files.map((file) => file.path)))
  return applied
}

/** What git changed must be what the reader of the patch saw, in regular files alone. */
async function refuseSurprises(
  git: Git,
  from: string,
  to: string,
  paths: ReadonlySet<string>,
): Promise<void> {
  for (const change of await rawDiff(git, from, to)) {
    if (!paths.has(change.path)) throw failures.patchRefused(`it also changes ${JSON.stringify(change.path)}`)
    if (!allowedModes.has(change.oldMode) || !allowedModes.has(change.newMode)) {
      throw failures.patchRefused(`${JSON.stringify(change.path)} is not a regular file`)
    }
  }
}

async function treeNames(git: Git, tree: string): Promise<readonly string[]> {
  return records((await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree])).stdout)
}

/** A new name must not be another spelling of a file or folder that the tree has. */
function refuseCollisions(existing: readonly string[], added: readonly string[]): void {
  const spellings = new Map<string, Set<string>>()
  for (const name of existing.flatMap(withFolders)) {
    const folded = foldPath(name)
    spellings.set(folded, (spellings.get(folded) ?? new Set()).add(name))
  }
  for (const name of added.flatMap(withFolders)) {
    const known = spellings.get(foldPath(name))
    if (known === undefined || known.has(name)) continue
    throw failures.patchRefused(
      `${JSON.stringify(name)} and ${JSON.stringify([...known][0])} are one file on some systems`,
    )
  }
}

function withFolders(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
