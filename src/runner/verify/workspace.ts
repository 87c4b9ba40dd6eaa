import { failures } from '../../contract/failures.ts'
import type { Report } from '../../contract/report.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { Container } from '../docker/sandbox.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project } from '../ecosystems/project.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository, TreeEntry } from '../git/repository.ts'
import { isGenerated } from '../patch/generated.ts'

const removeTimeoutMs = 60_000
/** Paths in one command line. */
const batch = 500

/** What is written over a prepared workspace before anything runs in it. */
export interface Overlay {
  readonly tree: string
  readonly written: readonly TreeEntry[]
  readonly deleted: readonly string[]
  readonly notes: readonly string[]
}

export interface OverlayRequest {
  /** Tree that lies in the prepared workspace. */
  readonly prepared: string
  /** Tree that is to be verified. */
  readonly wanted: string
  /** Tree whose scripts are run; undefined: the wanted one's own. */
  readonly scripts?: string
  readonly project: Project
}

/** The wanted tree with the scripts that count put back, as a difference from the prepared one. */
export async function planOverlay(
  repository: BareRepository,
  ecosystem: Ecosystem,
  request: OverlayRequest,
): Promise<Overlay> {
  const { prepared, wanted, scripts, project } = request
  const notes: string[] = []
  let tree = wanted
  if (scripts !== undefined && scripts !== wanted && ecosystem.pinScripts !== undefined) {
    const [base, patched] = await Promise.all([treeView(repository, scripts), treeView(repository, wanted)])
    const pinned = await ecosystem.pinScripts(base, patched, project)
    if (pinned.size > 0) {
      tree = await repository.withFiles(wanted, pinned)
      notes.push(`The base's scripts were run, not those of ${[...pinned.keys()].join(', ')}.`)
    }
  }
  const { written, deleted } = await repository.changes(prepared, tree)
  const known = new Set((await repository.entries(scripts ?? prepared)).map(({ path }) => path))
  const left = written.filter(({ path }) => isGenerated(path) && !known.has(path))
  if (left.length > 0) {
    const names = left.slice(0, 3).map(({ path }) => path)
    notes.push(
      `Left out, as parts of an installation or a cache: ${names.join(', ')} (${left.length} in all).`,
    )
  }
  return { tree, written: written.filter((entry) => !left.includes(entry)), deleted, notes }
}

/** Lays the difference over the workspace of a container in which nothing has run yet. */
export async function placeOverlay(
  container: Container,
  repository: BareRepository,
  { written, deleted }: Overlay,
  signal: AbortSignal,
): Promise<void> {
  // Also what is written goes first: unpacking would follow a symbolic link that an install script left there.
  const paths = [...deleted, ...written.map(({ path }) => path)].map((path) => `./${path}`)
  for (let from = 0; from < paths.length; from += batch) {
    const argv = ['/bin/rm', '-rf', '--', ...paths.slice(from, from + batch)]
    const done = await container.exec(argv, {
      cwd: workspacePath,
      timeoutMs: removeTimeoutMs,
      maxOutputBytes: 10_000,
      signal,
    })
    if (signal.aborted) throw failures.cancelled()
    if (done.exitCode !== 0)
      throw failures.verificationFailed('the patch could not be put into the workspace')
  }
  if (written.length > 0) await container.putArchive(workspacePath, repository.archive(written))
}

/** Whether the workspace has no room left: free blocks and inodes, from the file system itself. */
export async function isFull(container: Container): Promise<boolean> {
  const argv = ['/usr/bin/stat', '-f', '-c', '%a %b %d %c', workspacePath]
  const { exitCode, output } = await container.exec(argv, { timeoutMs: 10_000, maxOutputBytes: 200 })
  const [free = 1, all = 1, freeInodes = 1, inodes = 1] = output
    .toString('utf8')
    .trim()
    .split(' ')
    .map(Number)
  return exitCode === 0 && (free < all / 100 || (inodes > 0 && freeInodes === 0))
}

/** A report of a run that could not be made. */
export function failedReport(role: Report['role'], setupError: string): Report {
  return { role, steps: [], tests: [], testsNamed: false, ok: false, setupError, notes: [] }
}
