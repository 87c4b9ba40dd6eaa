import { spawn } from 'node:child_process'

export interface RunOptions {
  /** Absolute path of the binary. */
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** The process is ended where its output grows beyond this. */
  readonly maxBytes: number
  readonly signal: AbortSignal
  /** Open files handed on as 3, 4, … */
  readonly fds?: readonly number[]
  readonly input?: string
}

export interface RunResult {
  /** Null where a signal ended the process. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly truncated: boolean
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/** Runs a binary in a process group of its own; the whole group is killed on time-out, abort or too much output. */
export async function run(options: RunOptions): Promise<RunResult> {
  const stdin = options.input === undefined ? ('ignore' as const) : ('pipe' as const)
  const child = spawn(options.file, [...options.args], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: [stdin, 'pipe', 'pipe', ...(options.fds ?? [])],
    detached: true,
  })
  const state = { timedOut: false, truncated: false, bytes: 0 }
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group has ended by itself.
    }
  }
  const timer = setTimeout(() => {
    state.timedOut = true
    killGroup()
  }, options.timeoutMs)
  options.signal.addEventListener('abort', killGroup, { once: true })
  const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
    const room = Math.max(0, options.maxBytes - state.bytes)
    chunks.push(chunk.subarray(0, room))
    state.bytes += chunk.length
    if (chunk.length > room) {
      state.truncated = true
      killGroup()
    }
  }
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', collect(stdout))
  child.stderr?.on('data', collect(stderr))
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input)
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code))
    })
    const { timedOut, truncated } = state
    return { exitCode, timedOut, truncated, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener('abort', killGroup)
  }
}
