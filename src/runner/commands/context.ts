import type { SessionView } from '../../contract/sessionView.ts'
import type { Pace } from '../gateway/pace.ts'
import type { Environment } from '../git/program.ts'
import type { Colors } from '../terminal/colors.ts'

/** What a command may use of the world; the composition root makes it, tests may, too. */
export interface CommandContext {
  readonly env: Environment
  readonly cwd: string
  /** The user's home folder, for the engine's sockets and contexts. */
  readonly userHome: string
  /** Where sessions live, and beside them what is kept between sessions. */
  readonly sessions: string
  readonly cache: string
  /** Folder with `prompts`, `sandbox/images` and `dist/sandbox`. */
  readonly assets: string
  /** Folder of the templates; the one of `assets` where undefined. */
  readonly prompts?: string
  readonly version: string
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly colors: Colors
  /** A person sits at both ends. */
  readonly interactive: boolean
  /** Fires on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Of the model's requests, where sessions of a campaign share one. */
  readonly pace?: Pace
}

/** The name that events and user agents carry. */
export function runnerName(context: CommandContext): string {
  return `drydock/${context.version}`
}

/** A session for machines: its view, with the matrix's counts by label in the matrix itself. */
export function printSession(context: CommandContext, view: SessionView): void {
  printJson(context, sessionJson(view))
}

export function sessionJson(view: SessionView): object {
  const { matrix } = view
  return { ...view, matrix: matrix === null ? null : { ...matrix.counts, ...matrix } }
}

export function printJson(context: CommandContext, value: unknown): void {
  context.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}
