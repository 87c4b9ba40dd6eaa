import type { Project } from '../ecosystem.ts'
import type { Executed } from './derived/index.ts'

/** One command of a check, without what surrounds it. */
export interface Command {
  readonly display: string
  readonly argv: readonly string[]
  /** The root's script that it is. */
  readonly script?: string
  /** The scripts that it runs. */
  readonly executes?: readonly Executed[]
}

export interface Manager {
  readonly name: string
  /** The binary of the project's major version, such as `pnpm-9`; empty for npm. */
  readonly binary: string
}

export function managerOf(project: Project): Manager {
  const [name = 'npm', major = ''] = project.packageManager.split('@')
  return { name, binary: name === 'npm' ? '' : `${name}-${major}` }
}

export function rootCommand({ name, binary }: Manager, script: string, files: readonly string[]): Command {
  const rest = files.length === 0 ? [] : name === 'yarn' ? files : ['--', ...files]
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
export function workspaceCommands(manager: Manager, script: string, folders: readonly string[]): Command[] {
  const { name, binary } = manager
  if (name === 'yarn') {
    return folders.map((folder) => ({
      display: `yarn --cwd ${folder} run ${script}`,
      argv: [binary, '--cwd', folder, 'run', script],
    }))
  }
  const words =
    name === 'pnpm'
      ? ['-r', '--no-bail', ...folders.flatMap((folder) => ['--filter', `./${folder}`]), 'run', script]
      : ['run', script, ...folders.flatMap((folder) => ['-w', folder])]
  return [{ display: [name, ...words].join(' '), argv: [name === 'npm' ? 'npm' : binary, ...words] }]
}

/** A command of `.drydock.json`, with the project's own binaries on the PATH as in a script. */
export function configured(command: string): Command {
  const argv = ['sh', '-c', `PATH="$PWD/node_modules/.bin:$PATH" && export PATH\n${command}`]
  return { display: command, argv }
}
