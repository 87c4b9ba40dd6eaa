import type { StepName } from '../../../contract/report.ts'
import { nodeNeed } from '../../toolchains/node/need.ts'
import type { Check, CheckScope } from '../check.ts'
import type { Project, Tree } from '../project.ts'
import { derivedChecks, type Executed } from './derived/index.ts'
import { folderOf } from './manifest.ts'
import { type Part, partsOf, withHousekeeping } from './parts.ts'
import { launch, reporterEnv, reporterFolder } from './reporters.ts'
import { readScripts } from './scripts.ts'
import { scriptEnvironment } from './tools/environment.ts'
import { keepGoing, keepGoingEnv } from './tools/keepGoing.ts'
import { withManager } from './tools/shims.ts'

type Step = 'build' | 'test' | 'lint'

/** Scripts a step is looked for under; of each row the first that exists is run. */
const names: Readonly<Record<Step, readonly (readonly string[])[]>> = {
  build: [
    ['build', 'compile'],
    ['typecheck', 'type-check', 'check-types', 'tsc'],
  ],
  test: [['test', 'test:unit', 'tests']],
  lint: [['lint']],
}
const steps = ['build', 'test', 'lint'] as const

interface Command {
  readonly display: string
  readonly argv: readonly string[]
  /** The root's script that it is. */
  readonly script?: string
  /** The scripts that it runs. */
  readonly executes?: readonly Executed[]
  /** Folders of the workspaces that it names. */
  readonly parts?: readonly string[]
}

interface Manager {
  readonly name: string
  /** The binary of the project's major version, such as `pnpm-9`; empty for npm. */
  readonly binary: string
}

function managerOf(project: Project): Manager {
  const [name = 'npm', major = ''] = project.packageManager.split('@')
  return { name, binary: name === 'npm' ? '' : `${name}-${major}` }
}

function rootCommand({ name, binary }: Manager, script: string, more: readonly string[]): Command {
  // npm takes what begins with dashes for its own; pnpm would hand the dashes on.
  const rest = more.length === 0 || name !== 'npm' ? more : ['--', ...more]
  if (name !== 'npm') {
    return {
      display: [name, 'run', script, ...rest].join(' '),
      argv: [binary, 'run', script, ...rest],
      script,
    }
  }
  const words = script === 'test' ? ['npm', 'test', ...rest] : ['npm', 'run', script, ...rest]
  return { display: words.join(' '), argv: words, script }
}

/** One command for all workspaces that have the script; yarn needs one each. */
function workspaceCommands(manager: Manager, script: string, folders: readonly string[]): Command[] {
  const { name, binary } = manager
  if (name === 'yarn') {
    return folders.map((folder) => ({
      display: `yarn --cwd ${folder} run ${script}`,
      argv: [binary, '--cwd', folder, 'run', script],
      parts: [folder],
    }))
  }
  const words =
    name === 'pnpm'
      ? ['-r', '--no-bail', ...folders.flatMap((folder) => ['--filter', `./${folder}`]), 'run', script]
      : ['run', script, ...folders.flatMap((folder) => ['-w', folder])]
  return [
    {
      display: [name, ...words].join(' '),
      argv: [name === 'npm' ? 'npm' : binary, ...words],
      parts: folders,
    },
  ]
}

/** A command of `.drydock.json`, with the project's own binaries on the PATH as in a script. */
function configured(command: string): Command {
  const argv = ['sh', '-c', `PATH="$PWD/node_modules/.bin:$PATH" && export PATH\n${command}`]
  return { display: command, argv }
}

/** Runners that take the names of test files after their own arguments, where nothing else is in the script. */
function takesFiles(script: string): boolean {
  return /^\s*(jest|vitest(\s+run)?)(\s+--?[\w-]+(=\S+)?)*\s*$/.test(script)
}

/** Bun's own runner lets nothing listen, and its Bun is in no image. */
function bunNote(scripts: AllScripts): string | undefined {
  const folders = [...scripts].flatMap(([manifest, own]) =>
    names.test.flat().some((name) => /(^|[\s;&|(])bun\s+(--\S+\s+)*test\b/.test(own.get(name) ?? ''))
      ? [manifest]
      : [],
  )
  if (folders.length === 0) return undefined
  return `The test script of ${folders.join(', ')} is \`bun test\`, which Drydock cannot read: none of its tests is proven to have run.`
}

type AllScripts = ReadonlyMap<string, ReadonlyMap<string, string>>

function commandsOf(step: Step, project: Project, scripts: AllScripts, scope: CheckScope): Command[] {
  const { typecheck, ...commands } = project.config.commands ?? {}
  const types = step === 'build' && typeof typecheck === 'string' ? [configured(typecheck)] : []
  const own = commands[step]
  if (own === null) return types
  if (own !== undefined) return [configured(own), ...types]
  const manager = managerOf(project)
  const manifest = project.manifests[0] ?? 'package.json'
  const root = scripts.get(manifest) ?? new Map<string, string>()
  const rows = typecheck === undefined ? names[step] : names[step].slice(0, 1)
  const found = rows.flatMap((candidates) => {
    const script = candidates.find((name) => root.has(name))
    if (script !== undefined) {
      const text = root.get(script) ?? ''
      const files = step === 'test' && takesFiles(text) ? (scope.testFiles ?? []) : []
      const command = rootCommand(manager, script, [...files, ...keepGoing(text)])
      return [{ ...command, executes: [{ manifest, names: [script] }] }]
    }
    const members = [...scripts].slice(1)
    const name = candidates.find((candidate) => members.some(([, own]) => own.has(candidate)))
    if (name === undefined) return []
    const having = members.filter(([, own]) => own.has(name)).map(([path]) => path)
    const folders = having.map(folderOf)
    const executes = having.map((path) => ({ manifest: path, names: [name] }))
    return workspaceCommands(manager, name, folders).map((command) => ({ ...command, executes }))
  })
  return [...found, ...types]
}

/** Nothing may wait for a person or a network, and every output is to be read by a program. */
const quiet = {
  CI: 'true',
  NO_COLOR: '1',
  TERM: 'dumb',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  npm_config_manage_package_manager_versions: 'false',
  YARN_IGNORE_PATH: '1',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_NETWORK: '0',
  // As prepare installed them.
  YARN_NODE_LINKER: 'node-modules',
  SKIP_YARN_COREPACK_CHECK: '1',
  HUSKY: '0',
  ...keepGoingEnv,
} as const

/** What every check of a project has in common. */
interface Surroundings {
  readonly project: Project
  readonly env: Readonly<Record<string, string>>
}

function checkOf(
  { project, env }: Surroundings,
  step: Step,
  command: Pick<Command, 'display' | 'argv' | 'parts'>,
  part = '',
): Check {
  const nodeMajor = nodeNeed(project.image)?.major ?? 22
  const place = `/tmp/drydock-results/${step}${part}`
  const reporting = step === 'test' ? { folder: reporterFolder, results: place, nodeMajor } : undefined
  const { display, parts } = command
  const ran = withManager(command.argv, managerOf(project).binary)
  return {
    step,
    display,
    ...(parts === undefined ? {} : { parts }),
    argv: launch(ran, { place, ...(reporting === undefined ? {} : { reporting }) }),
    env: { ...env, ...(reporting === undefined ? {} : reporterEnv(reporting)) },
    ...(reporting === undefined ? {} : { results: place }),
  }
}

/** The parts of a script of the root, for where it fails as a whole; `wanted` leaves out what is checked anyway. */
function chainOf(
  around: Surroundings,
  script: string | undefined,
  root: ReadonlyMap<string, string>,
  wanted: (part: Check) => boolean,
): Pick<Check, 'chain'> {
  const parts = script === undefined ? undefined : partsOf(script, root)
  if (parts === undefined || parts.every(({ network }) => network === true)) return {}
  const manager = managerOf(around.project)
  const commandOf = ({ text, script: name }: Part): Command =>
    name === undefined ? configured(text) : rootCommand(manager, name, [])
  const runnable = parts.filter(
    (part) =>
      part.network !== true &&
      (part.housekeeping === true || wanted(checkOf(around, part.step, commandOf(part), '-parts'))),
  )
  const checks = withHousekeeping(runnable).map(({ part, before }) => {
    const whole = [...before, part].map((one) => commandOf(one).display).join(' && ')
    const command = before.length === 0 ? commandOf(part) : configured(whole)
    return checkOf(around, part.step, command, '-parts')
  })
  const notRun = parts.filter(({ network }) => network === true).map(({ text }) => text)
  return { chain: { checks, notRun } }
}

/**
 * Build, test and lint of a project, from the scripts of `tree` (pass the base's tree), and at the end what follows from
 * its files although no script names it.
 */
export async function checks(tree: Tree, project: Project, scope: CheckScope): Promise<readonly Check[]> {
  const scripts = new Map(
    await Promise.all(project.manifests.map(async (path) => [path, await readScripts(tree, path)] as const)),
  )
  const root = scripts.get(project.manifests[0] ?? 'package.json') ?? new Map<string, string>()
  const around = { project, env: { ...(await scriptEnvironment(tree, project)), ...quiet } }
  const all = steps.flatMap((step) =>
    commandsOf(step, project, scripts, scope).map((command) => ({ step, command })),
  )
  const executed = all.flatMap(({ command }) => command.executes ?? [])
  const inScope = (step: StepName): boolean => scope.steps?.includes(step) ?? true
  const wanted = all.filter(({ step }) => inScope(step))
  const shown = new Set(wanted.map(({ command }) => command.display))
  const isNew = (part: Check): boolean => inScope(part.step) && !shown.has(part.display)
  const note = bunNote(scripts)
  const own = wanted.map(({ step, command }) => ({
    ...checkOf(around, step, command),
    ...chainOf(around, command.script, root, isNew),
    ...(note === undefined || step !== 'test' ? {} : { note }),
  }))
  const derived = await derivedChecks(tree, project, scripts, executed, scope)
  return [
    ...own,
    ...derived.map(({ syntaxOnly, ...command }) => ({
      ...checkOf(around, 'build', command),
      derived: true as const,
      ...(syntaxOnly === undefined ? {} : { syntaxOnly }),
    })),
  ]
}
