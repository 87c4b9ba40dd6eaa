import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { DrydockError, FailureCode } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'

export interface Captured {
  readonly execPath: string
  readonly env: NodeJS.ProcessEnv
  readonly program: string
  readonly args: readonly string[]
  readonly signal?: AbortSignal
  /** Its standard input; none where it is missing. */
  readonly input?: string
}

const limits = { maxBuffer: 64 * 1024 * 1024, timeout: 180_000 } as const

/** What a command of the command line prints as JSON. Where it prints none, what it said instead is thrown. */
export function capture({ execPath, env, program, args, signal, input = '' }: Captured): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { ...limits, env, cwd: homedir(), windowsHide: true, ...(signal && { signal }) }
    const child = execFile(execPath, [program, ...args], options, (error, stdout, stderr) => {
      const printed = tryJson(stdout)
      if (printed !== undefined) resolve(printed)
      else reject(signal?.aborted === true ? failures.cancelled() : refusal(args, stderr, error))
    })
    child.stdin?.on('error', () => {}) // it ended before it read: what it said says why
    child.stdin?.end(input)
  })
}

/** The command line says `code: message` and `Next: …` on its standard error. */
function refusal(args: readonly string[], stderr: string, error: Error | null): Error {
  const [, said, message = '', next = ''] = /^([a-z-]+): (.*)\nNext: (.*)$/m.exec(stderr) ?? []
  const code = FailureCode.safeParse(said)
  if (code.success) return new DrydockError({ code: code.data, message, next })
  return failures.internal(error?.message.split('\n')[0] ?? `${args[0]} printed nothing.`, stderr)
}
