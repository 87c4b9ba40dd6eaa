import { join } from 'node:path'
import { z } from 'zod'
import { Examination } from '../../contract/examination.ts'
import { failures } from '../../contract/failures.ts'
import { OutdatedDependency } from '../../contract/outdated.ts'
import type { RunInput, RunRequest, RunSecrets } from '../../contract/runRequest.ts'
import { requestCancel } from '../../store/control.ts'
import { capture } from './capture.ts'
import { answerOf, startDetached } from './detached.ts'

/** The runner, from outside: one process a request, which goes on when the editor does not. */
export interface RunnerProcess {
  /** Starts a runner and returns once it has its session. Throws what it was refused with. */
  ask(request: RunRequest): Promise<{ readonly session: string }>
  /** Asks a session's runner to end. Throws `session-state` where none is at work. */
  cancel(id: string): Promise<void>
  /** Lets the command line write the end of a session whose runner died, and clean up after it. */
  settle(id: string): Promise<void>
  /** Puts a session's change into a work tree of its own; returns its folder. */
  checkOut(id: string): Promise<string>
  /** Declared dependencies with newer versions, in the repository's last commit. */
  outdated(root: string, how?: AskOutdated): Promise<readonly OutdatedDependency[]>
  /** What a run needs and whether it is there. */
  doctor(signal?: AbortSignal): Promise<Examination>
}

export interface AskOutdated {
  readonly signal?: AbortSignal
  /** When each version was published: it takes the registry longer. */
  readonly dates?: boolean
}

export interface RunnerOptions {
  /** Node, or Electron that plays it. */
  readonly execPath: string
  readonly env: NodeJS.ProcessEnv
  /** Folder of all sessions. */
  readonly sessions: string
  /** Entry point of the runner's copy; made on first need. */
  readonly program: () => Promise<string>
  /** Folder for what a runner says on its standard error. */
  readonly logs: string
  /** What this request needs, asked of the person where it must be. */
  readonly secrets: (request: RunRequest) => Promise<RunSecrets>
}

export function openRunner(options: RunnerOptions): RunnerProcess {
  const captured = async (args: readonly string[], signal?: AbortSignal): Promise<unknown> =>
    capture({ ...options, program: await options.program(), args, ...(signal && { signal }) })
  return {
    async ask(request) {
      const input: RunInput = { v: 1, request, secrets: await options.secrets(request) }
      const program = await options.program()
      const answer = await answerOf(startDetached({ ...options, program }, ['run', '--task', '-']), input)
      return { session: answer }
    },
    async cancel(id) {
      if (await requestCancel(join(options.sessions, id))) return
      throw failures.sessionState(id, 'not at work', 'running')
    },
    settle: async (id) => void (await captured(['show', id, '--json'])),
    checkOut: async (id) =>
      z.object({ folder: z.string() }).parse(await captured(['checkout', id, '--json'])).folder,
    async outdated(root, { signal, dates = false } = {}) {
      const asked = ['outdated', '--json', '--repo', root, ...(dates ? ['--dates'] : [])]
      return z.array(OutdatedDependency).parse(await captured(asked, signal))
    },
    doctor: async (signal) => Examination.parse(await captured(['doctor', '--json'], signal)),
  }
}
