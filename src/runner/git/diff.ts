import { isUtf8 } from 'node:buffer'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Patch } from '../../contract/patch.ts'
import { readPatch } from '../patch/read.ts'
import { rawDiff } from './objects.ts'
import type { Git } from './program.ts'
import { withScratch } from './temporaryIndex.ts'

const format = [
  ...['diff-tree', '-r', '-p', '--binary', '--no-renames', '--full-index', '--no-ext-diff', '--no-textconv'],
  ...[
    '--no-color',
    '-U3',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--diff-algorithm=myers',
    '--no-indent-heuristic',
  ],
]

/**
 * The change between two trees. A patch is text, so a file whose lines are not UTF-8 is written as a
 * binary one: no byte is lost.
 */
export async function diffTrees(
  git: Git,
  dir: string,
  baseCommit: string,
  from: string,
  to: string,
): Promise<Patch> {
  const bytes = (await git.run([...format, from, to])).stdout
  const text = isUtf8(bytes) ? bytes : await diffWithBinary(git, dir, from, to)
  return readPatch(text.toString('utf8'), baseCommit)
}

async function diffWithBinary(git: Git, dir: string, from: string, to: string): Promise<Buffer> {
  const changed = await rawDiff(git, from, to)
  const opaque: string[] = []
  for (const { path } of changed) {
    const { stdout } = await git.run([...format, from, to, '--', path])
    if (!isUtf8(stdout)) opaque.push(path)
  }
  return withScratch(dir, async (scratch) => {
    const attributes = join(scratch, 'attributes')
    await writeFile(
      attributes,
      opaque.map((path) => `${JSON.stringify(`/${globEscaped(path)}`)} -diff\n`).join(''),
    )
    return (await git.run(['-c', `core.attributesFile=${attributes}`, ...format, from, to])).stdout
  })
}

function globEscaped(path: string): string {
  return path.replace(/[\\*?[\]]/g, '\\$&')
}
