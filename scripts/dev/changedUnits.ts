import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { build, type Metafile } from 'esbuild'

export interface ChangedUnits {
  /** Unit tests that import a changed file, through whatever lies between. */
  readonly units: readonly string[]
  /** Changed files that none of them imports: what they read instead, a test does not say. */
  readonly unreached: readonly string[]
}

/** What the checkout at `root` holds that `base` does not, committed or not, and the units which that touches. */
export async function changedUnits(root: string, base = 'main'): Promise<ChangedUnits> {
  const [changed, graph] = await Promise.all([changedFiles(root, base), importGraph(root)])
  const units = Object.keys(graph)
    .filter((file) => file.startsWith('test/unit/') && file.endsWith('.test.ts'))
    .map((unit) => ({ unit, reached: reachedFrom(graph, unit) }))
    .filter(({ reached }) => changed.some((file) => reached.has(file)))
  return {
    units: units.map(({ unit }) => unit).sort(),
    unreached: changed.filter((file) => !units.some(({ reached }) => reached.has(file))),
  }
}

async function changedFiles(root: string, base: string): Promise<readonly string[]> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: root })).stdout
  const fork = (await git('merge-base', base, 'HEAD')).trim()
  const [differing, untracked] = await Promise.all([
    git('diff', '--name-only', '-z', '--no-renames', fork),
    git('ls-files', '--others', '--exclude-standard', '-z'),
  ])
  return [...new Set(`${differing}${untracked}`.split('\0'))].filter((name) => name !== '').sort()
}

type Graph = Metafile['inputs']

/** Who imports whom, as the bundler sees it; paths are relative to `root`. */
async function importGraph(root: string): Promise<Graph> {
  const entryPoints = globSync('test/unit/**/*.test.ts', { cwd: root })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: 'never-written',
    ...{ bundle: true, write: false, metafile: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', packages: 'external' },
    loader: { '.node': 'empty', '.css': 'empty' },
  })
  return metafile.inputs
}

function reachedFrom(graph: Graph, unit: string): ReadonlySet<string> {
  const reached = new Set([unit])
  // Grows while it is walked.
  for (const file of reached)
    for (const { path } of graph[file]?.imports ?? []) if (path in graph) reached.add(path)
  return reached
}
