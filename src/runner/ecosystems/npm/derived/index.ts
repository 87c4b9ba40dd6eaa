import type { CheckScope } from '../../check.ts'
import type { Project, Tree } from '../../project.ts'
import { folderOf } from '../manifest.ts'
import { readLoosely } from '../scripts.ts'
import { commandsBehind, type Scripts } from '../tools/callees.ts'
import { readInstalled } from '../tools/installed.ts'
import { wordsOf } from '../tools/shell.ts'
import { coveredConfigs, type Placed } from './covered.ts'
import { plainSources } from './syntaxCheck.ts'
import { type Package, typeChecks } from './typeChecks.ts'

export interface DerivedCheck {
  readonly display: string
  readonly argv: readonly string[]
  readonly syntaxOnly?: true
}

/** Scripts that a check of the project runs: of a manifest, these. */
export interface Executed {
  readonly manifest: string
  readonly names: readonly string[]
}

/** A root script that runs those of the workspaces. */
const delegating =
  /^(turbo|nx|lerna|ultra|wireit|wsrun|rush|moon|lage)$|^(-r|--recursive|--workspaces?|-ws|-w|workspaces?|foreach)$/
const memberNames = /^(build|compile|typecheck|type-check|check-types|tsc|check|lint|test)(:|$)/

/**
 * Checks that follow from the files although no script names them: the type checker on every configuration that
 * nothing else checks; where there is no other check at all, Node's own reading of plain sources.
 */
export async function derivedChecks(
  tree: Tree,
  project: Project,
  scripts: ReadonlyMap<string, Scripts>,
  executed: readonly Executed[],
  scope: CheckScope,
): Promise<readonly DerivedCheck[]> {
  const { commands } = project.config
  const wanted = scope.testFiles === undefined && (scope.steps?.includes('build') ?? true)
  if (!wanted || commands?.typecheck !== undefined || commands?.build !== undefined) return []
  const packages = await Promise.all(
    project.manifests.map((path) => packageAt(tree, path, scripts.get(path))),
  )
  const run = placed(executed, scripts)
  const types = await typeChecks(tree, packages, await readInstalled(tree), await coveredConfigs(tree, run))
  if (types.length > 0)
    return types.map(({ display, dir }) => ({ display, argv: inFolder(dir, display.split(' ')) }))
  if (executed.length > 0 || commands !== undefined) return []
  const files = packages.flatMap(({ dir, manifest }) => plainSources(tree, dir, manifest))
  return files.length === 0 ? [] : [syntaxCheck(files)]
}

async function packageAt(tree: Tree, path: string, scripts: Scripts = new Map()): Promise<Package> {
  const dir = folderOf(path)
  const commands = [...scripts.values()].flatMap((text) => wordsOf(text).map((words) => ({ dir, words })))
  return { dir, manifest: await readLoosely(tree, path), commands }
}

/** Every command that the executed scripts come down to, in the folder that it runs in. */
function placed(executed: readonly Executed[], scripts: ReadonlyMap<string, Scripts>): readonly Placed[] {
  const all: Placed[] = []
  for (const { manifest, names } of executed) {
    const own = commandsBehind(names, scripts.get(manifest) ?? new Map())
    all.push(...at(manifest, own))
    if (!own.some((words) => words.some((word) => delegating.test(word)))) continue
    for (const [path, of] of [...scripts].slice(1))
      all.push(
        ...at(
          path,
          commandsBehind(
            [...of.keys()].filter((name) => memberNames.test(name)),
            of,
          ),
        ),
      )
  }
  return all
}

function at(manifest: string, commands: readonly (readonly string[])[]): readonly Placed[] {
  const dir = folderOf(manifest)
  return commands.map((words) => ({ dir, words }))
}

const folderScript =
  'PATH="$PWD/$1/node_modules/.bin:$PWD/node_modules/.bin:$PATH"; export PATH; shift; exec "$@"'

function inFolder(dir: string, words: readonly string[]): readonly string[] {
  return ['sh', '-c', folderScript, 'check', dir === '' ? '.' : dir, ...words]
}

const shownFiles = 3

function syntaxCheck(files: readonly string[]): DerivedCheck {
  const script = 'code=0; for file; do node --check "$file" || code=1; done; exit $code'
  const shown = files.slice(0, shownFiles).join(' ')
  const more = files.length > shownFiles ? ` (${files.length} files)` : ''
  return {
    display: `node --check ${shown}${more}`,
    argv: ['sh', '-c', script, 'check', ...files],
    syntaxOnly: true,
  }
}
