import { foldPath, isDotGit } from '../../contract/paths.ts'
import type { Warning } from '../../contract/verdict.ts'
import { linkStaysInside } from '../git/archive.ts'
import { blobContents, wholeContent } from '../git/blobs.ts'
import { records } from '../git/objects.ts'
import type { Git } from '../git/program.ts'
import type { TreeEntry } from '../git/repository.ts'
import { isForTests, isPublicKey, isSearched, secretByContent, secretByName, secretHints } from './secrets.ts'

/** A path that is not packaged, and why. */
export interface LeftOut {
  readonly path: string
  readonly warning: Warning
}

function leftOut(kind: string, path: string, message: string): LeftOut {
  return { path, warning: { code: `${kind}:${path}`, message, path, severity: 'notice' } }
}

/** Submodules, links that leave the tree, and names that some system takes for git's own folder. */
export async function unpackable(git: Git, entries: readonly TreeEntry[]): Promise<readonly LeftOut[]> {
  const found = entries.flatMap(({ path, mode }): readonly LeftOut[] => {
    if (mode === '160000')
      return [leftOut('submodule-left-out', path, `${path} is a submodule: its files are not packaged.`)]
    if (foldPath(path).includes('git') && path.split('/').some(isDotGit))
      return [leftOut('name-left-out', path, `${path} looks like a .git folder.`)]
    return []
  })
  const links = entries.filter((entry) => entry.mode === '120000')
  let at = 0
  for await (const { content } of blobContents(git, links)) {
    const path = links[at++]?.path ?? ''
    const target = Buffer.isBuffer(content) ? content.toString('utf8') : '/'
    if (linkStaysInside(path, target)) continue
    found.push(leftOut('link-left-out', path, `${path} is a link that leaves the repository.`))
  }
  return found
}

const pointerHint = 'https://git-lfs.github.com/spec/'
const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/

export interface ContentFindings {
  readonly secrets: readonly LeftOut[]
  /** What looks like a secret, and is packaged because tests are made of it. */
  readonly ofTests: readonly string[]
  /** Files whose bytes are kept elsewhere. */
  readonly pointers: readonly Warning[]
}

/** Looks into what a name gives away, and into the candidates, the files that a fast fixed-string search of the tree names. */
export async function inspectContents(
  git: Git,
  entries: readonly TreeEntry[],
  candidates: ReadonlySet<string>,
): Promise<ContentFindings> {
  const named = new Set(entries.filter(({ path }) => secretByName(path)).map(({ path }) => path))
  const isOpened = ({ path }: TreeEntry) => candidates.has(path) || named.has(path)
  const searched = entries.filter((entry) => isOpened(entry) && isSearched(entry))
  const pointers: Warning[] = []
  const ofTests: string[] = []
  let at = 0
  for await (const { content } of blobContents(git, searched)) {
    const path = searched[at++]?.path ?? ''
    const text = (await wholeContent(content)).toString('utf8')
    if (pointer.test(text)) pointers.push(pointerWarning(path))
    if (secretByContent(path, text)) named.add(path)
    else if (isPublicKey(path, text)) named.delete(path)
    if (named.has(path) && isForTests(path, text)) {
      named.delete(path)
      ofTests.push(path)
    }
  }
  const secrets = [...named].map((path) => {
    return leftOut(
      'secret-left-out',
      path,
      `${path} looks like a secret and is not packaged; --keep-secret-files keeps it (in the editor drydock.keepSecretFiles).`,
    )
  })
  return { secrets, ofTests, pointers }
}

const mostNamed = 3

/** Said once, however many they are. */
export function testKeysWarning(paths: readonly string[]): Warning {
  const named = paths.slice(0, mostNamed).join(', ')
  const more = paths.length - mostNamed
  const [what, stands, is] = paths.length === 1 ? ['file', 'stands', 'is'] : ['files', 'stand', 'are']
  const message = `${paths.length} ${what} that could be a secret ${stands} among the tests and ${is} packaged for them: ${named}${more > 0 ? ` and ${more} more` : ''}.`
  return { code: 'test-keys-packaged', message, severity: 'notice' }
}

function pointerWarning(path: string): Warning {
  const message = `${path} is a Git LFS pointer: its content is not packaged.`
  return { code: `lfs-pointer:${path}`, message, path, severity: 'notice' }
}

/** Paths of files that hold one of the fixed strings that `inspectContents` looks further into. */
export async function hintedPaths(git: Git, tree: string): Promise<ReadonlySet<string>> {
  const patterns = [...secretHints, pointerHint].flatMap((hint) => ['-e', hint])
  const args = ['grep', '-l', '-z', '-I', '-F', '--full-name', '--no-textconv', ...patterns, tree]
  const { stdout } = await git.run(args, { answers: [1] })
  return new Set(records(stdout).map((record) => record.slice(tree.length + 1)))
}

/** Names that are one file where the file system folds case. */
export function collisions(entries: readonly TreeEntry[]): readonly Warning[] {
  const seen = new Map<string, string>()
  return entries.flatMap(({ path }): readonly Warning[] => {
    const folded = foldPath(path)
    const other = seen.get(folded)
    seen.set(folded, path)
    if (other === undefined) return []
    const message = `${path} and ${other} are one file on some systems.`
    return [{ code: `name-collision:${path}`, message, path, severity: 'notice' }]
  })
}
