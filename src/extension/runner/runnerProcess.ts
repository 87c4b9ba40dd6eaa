import { join } from 'node:path'
import { z } from 'zod'
import { Examination } from '../../contract/examination.ts'
import { failures } from '../../contract/failures.ts'
import { CampaignState } from '../../contract/fleet/state.ts'
import { OutdatedDependency } from '../../contract/outdated.ts'
import { PullRequestPreview, type PullRequestWording } from '../../contract/pullRequest.ts'
import type { CampaignRequest, RunInput, RunRequest, RunSecrets } from '../../contract/runRequest.ts'
import { requestCancel } from '../../store/control.ts'
import { capture } from './capture.ts'
import { answerOf, startDetached } from './detached.ts'

/** The runner, from outside: one process a request, which goes on when the editor does not. */
export interface RunnerProcess {
  /** Starts a runner and returns once it has its session. Throws what it was refused with. */
  ask(request: RunRequest): Promise<{ readonly session: string }>
  /** Carries out what a person decided of a campaign; returns once it holds. Throws what it was refused with. */
  decide(request: CampaignRequest): Promise<void>
  /** Every campaign of the queue, or of this machine. */
  campaigns(): Promise<readonly CampaignState[]>
  /** Writes a campaign's report as one page to a file. */
  report(campaign: string, file: string): Promise<void>
  /** Asks a session's runner to end. Throws `session-state` where none is at work. */
  cancel(id: string): Promise<void>
  /** Lets the command line write the end of a session whose runner died, and clean up after it. */
  settle(id: string): Promise<void>
  /** A session's pull request as it would be with this wording; nobody is asked and nothing is sent. */
  preview(id: string, wording: PullRequestWording): Promise<PullRequestPreview>
  /** Puts a session's change into a work tree of its own; returns its folder. */
  checkOut(id: string): Promise<string>
  /** Declared dependencies with newer versions, in the repository's last commit. */
  outdated(root: string, how?: AskOutdated): Promise<readonly OutdatedDependency[]>
  /** What a run needs and whether it is there; `quick`: whether an engine answers, and no more. */
  doctor(how?: { readonly quick?: boolean }): Promise<Examination>
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
  readonly secrets: (request: RunInput['request']) => Promise<RunSecrets>
}

export function openRunner(options: RunnerOptions): RunnerProcess {
  const captured = async (args: readonly string[], signal?: AbortSignal): Promise<unknown> =>
    capture({ ...options, program: await options.program(), args, ...(signal && { signal }) })
  const answered = async (request: RunInput['request']): Promise<string | undefined> => {
    const input: RunInput = { v: 1, request, secrets: await options.secrets(request) }
    const program = await options.program()
    return answerOf(startDetached({ ...options, program }, ['run', '--task', '-']), input)
  }
  return {
    async ask(request) {
      const session = await answered(request)
      if (session === undefined) throw failures.internal('The runner named no session.')
      return { session }
    },
    decide: async (request) => void (await answered(request)),
    campaigns: async () => {
      const all = z.array(z.looseObject({})).parse(await captured(['fleet', 'status', '--json']))
      return all.map(({ standing: _, ...state }) => CampaignState.parse(state))
    },
    report: async (campaign, file) =>
      void (await captured(['fleet', 'report', campaign, '--json', '-o', file])),
    async cancel(id) {
      if (await requestCancel(join(options.sessions, id))) return
      throw failures.sessionState(id, 'not at work', 'running')
    },
    settle: async (id) => void (await captured(['show', id, '--json'])),
    preview: async (id, wording) => {
      const args = ['publish', id, '--preview', '--json', '--wording', '-']
      const asked = { ...options, program: await options.program(), args, input: JSON.stringify(wording) }
      return PullRequestPreview.parse(await capture(asked))
    },
    checkOut: async (id) =>
      z.object({ folder: z.string() }).parse(await captured(['checkout', id, '--json'])).folder,
    async outdated(root, { signal, dates = false } = {}) {
      const asked = ['outdated', '--json', '--repo', root, ...(dates ? ['--dates'] : [])]
      return z.array(OutdatedDependency).parse(await captured(asked, signal))
    },
    doctor: async ({ quick = false } = {}) =>
      Examination.parse(await captured(['doctor', '--json', ...(quick ? ['--quick'] : [])])),
  }
}
