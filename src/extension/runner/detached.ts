import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { RunAnswer, type RunInput } from '../../contract/runRequest.ts'

export interface Launch {
  readonly execPath: string
  readonly env: NodeJS.ProcessEnv
  readonly program: string
  readonly logs: string
}

export interface Detached {
  readonly child: ChildProcess
  /** The end of what it said on its standard error. */
  complaint(): string
}

/**
 * A decision is answered once it is carried out: a push takes its time, and where the base has moved a publication runs
 * all checks before it, up to three times. The log says meanwhile how far it is.
 */
const answerMs = (request: RunInput['request']): number =>
  request.do === 'publish' ? 4 * 3_600_000 : 300_000
const complaintBytes = 4000
const logBytes = 1_000_000

/** Starts a runner that outlives this process: nothing ties it to the editor but the first line it says. */
export function startDetached({ execPath, env, program, logs }: Launch, args: readonly string[]): Detached {
  mkdirSync(logs, { recursive: true })
  const file = join(logs, 'runner.log')
  const before = sizeOf(file)
  const log = openSync(file, before > logBytes ? 'w' : 'a')
  const start = before > logBytes ? 0 : before
  const child = spawn(execPath, [program, ...args], {
    cwd: homedir(),
    env,
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', log],
  })
  closeSync(log)
  return { child, complaint: () => readFileSync(file, 'utf8').slice(start).slice(-complaintBytes) }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Gives the runner its task, reads the session it answers with, if it is of one, and lets go of it. */
export async function answerOf({ child, complaint }: Detached, input: RunInput): Promise<string | undefined> {
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw failures.internal('The runner has no input or output.')
  stdin.on('error', () => {}) // it ended before it read: its answer or its complaint says why
  stdin.end(JSON.stringify(input))
  const lines = createInterface({ input: stdout })
  const line = await Promise.race([
    once(lines, 'line', { signal: AbortSignal.timeout(answerMs(input.request)) }).then(([first]) =>
      String(first),
    ),
    once(lines, 'close').then(() => undefined),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]).finally(() => {
    lines.close()
    stdout.destroy()
    child.unref()
  })
  const answer = RunAnswer.safeParse(parseJson(line))
  if (!answer.success) throw failures.internal('The runner ended without an answer.', complaint())
  if (!answer.data.ok) throw new DrydockError(answer.data.failure)
  return answer.data.session
}

function parseJson(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return undefined
  }
}
