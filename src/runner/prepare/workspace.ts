import { failures } from '../../contract/failures.ts'
import type { Container, Image } from '../docker/sandbox.ts'
import { installScratch } from '../ecosystems/ecosystem.ts'
import type { BareRepository } from '../git/repository.ts'
import { filesArchive } from '../install/files.ts'
import type { InstallContext } from '../install/install.ts'

export const WORKSPACE = '/workspace'
const timeoutMs = 300_000
const maxOutputBytes = 1_000_000

/** Leaves folders of the given names, and the folders on the way to them; everything else goes. */
const sweepScript = `
const { readdirSync, rmSync } = require('node:fs')
const keep = new Set(process.argv.slice(1))
function sweep(dir) {
  let kept = false
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = dir + '/' + entry.name
    if (entry.name === '${installScratch}') rmSync(path, { recursive: true, force: true })
    else if (entry.isDirectory() && keep.has(entry.name)) kept = true
    else if (entry.isDirectory() && sweep(path)) kept = true
    else rmSync(path, { recursive: true, force: true })
  }
  return kept
}
sweep('${WORKSPACE}')
`

/** Makes room for the commit's files: the engine unpacks as root and would follow a planted symlink. */
const clearScript = `
const { execFileSync } = require('node:child_process')
const { lstatSync, rmSync } = require('node:fs')
const files = execFileSync('/usr/bin/git', ['ls-files', '-z'], { maxBuffer: 1 << 28 }).toString().split('\\0')
const checked = new Set()
function clear(path, folder) {
  if (checked.has(path)) return
  checked.add(path)
  const parent = path.slice(0, path.lastIndexOf('/') + 1).replace(/[/]$/, '')
  if (parent !== '') clear(parent, true)
  const found = lstatSync('${WORKSPACE}/' + path, { throwIfNoEntry: false })
  if (found !== undefined && found.isDirectory() !== folder) rmSync('${WORKSPACE}/' + path, { recursive: true })
}
for (const file of files) if (file !== '') clear(file, false)
`

/** Only trusted programs of the image run here, by absolute path. */
async function run(container: Container, argv: readonly string[], signal: AbortSignal): Promise<Buffer> {
  const env = { HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', PATH: '/usr/bin:/bin' }
  const result = await container.exec(argv, { cwd: WORKSPACE, env, timeoutMs, maxOutputBytes, signal })
  if (signal.aborted) throw failures.cancelled()
  if (result.exitCode === 0) return result.output
  throw failures.installFailed(`${argv[0]} ended with ${result.exitCode}`, result.output.toString('utf8'))
}

/** A project container on a workspace that is being prepared; gone afterwards, with all its processes. */
export async function inContainer<T>(
  context: InstallContext,
  image: Image,
  volume: string,
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const workspace = { unsealed: volume }
  const container = await context.sandbox.start({ kind: 'project', image, workspace }, context.signal)
  try {
    return await work(container)
  } finally {
    await container.remove()
  }
}

export async function sweepInstall(
  container: Container,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await run(container, ['/usr/local/bin/node', '-e', sweepScript, ...keep], signal)
}

/** After `placeGit`, whose index says what the commit's files are. */
export async function restoreSource(
  container: Container,
  repository: BareRepository,
  tree: string,
  signal: AbortSignal,
): Promise<void> {
  await run(container, ['/usr/local/bin/node', '-e', clearScript], signal)
  await placeSource(container, repository, tree)
}

export async function placeSource(
  container: Container,
  repository: BareRepository,
  tree: string,
): Promise<void> {
  await container.putArchive(WORKSPACE, repository.archive(await repository.entries(tree)))
}

/** A fresh `.git` of one commit, in a container where no project code ever ran. */
export async function placeGit(
  container: Container,
  repository: BareRepository,
  tree: string,
  signal: AbortSignal,
): Promise<void> {
  const planted = [
    '/usr/bin/find',
    WORKSPACE,
    '-name',
    '.git',
    '-prune',
    '-exec',
    '/bin/rm',
    '-rf',
    '{}',
    '+',
  ]
  await run(container, planted, signal)
  await container.putArchive(WORKSPACE, await repository.oneCommitGit(tree))
}

/** So that nothing that scripts made ever looks like somebody's change. */
export async function excludeOthers(container: Container, signal: AbortSignal): Promise<void> {
  const status = [
    '/usr/bin/git',
    '-C',
    WORKSPACE,
    'ls-files',
    '-z',
    '--others',
    '--directory',
    '--exclude-standard',
  ]
  const others = (await run(container, status, signal)).toString('utf8').split('\0')
  await container.putArchive(WORKSPACE, filesArchive(new Map([['.git/info/exclude', exclude(others)]])))
}

function exclude(paths: readonly string[]): Buffer {
  const lines = paths
    .filter((path) => path !== '' && !path.includes('\n'))
    .map((path) => `/${escapePattern(path)}`)
  return Buffer.from(['node_modules/', ...lines, ''].join('\n'))
}

/** A path as a pattern that means only itself. */
function escapePattern(path: string): string {
  return path.replaceAll(/[\\*?[\]!#]/g, '\\$&').replace(/ $/, '\\ ')
}
