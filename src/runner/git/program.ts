import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { execa } from 'execa'
import { failures } from '../../contract/failures.ts'
import { secretVariables } from '../secretVariables.ts'

/** Environment variables as the composition root read them. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface GitOptions {
  readonly cwd?: string
  readonly input?: Buffer | string
  /** Further variables of this call, such as GIT_INDEX_FILE. */
  readonly env?: Environment
  readonly signal?: AbortSignal
  /** Exit codes that are answers, not failures; 0 always is. */
  readonly answers?: readonly number[]
  /** A server that says nothing for so long, ms: the program ends, and `wasSilent` says why. */
  readonly silentMs?: number
  /** More than this of output ends it. */
  readonly maxOutputBytes?: number
}

export interface GitResult {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
  readonly wasSilent: boolean
}

/** One git program with fixed configuration and environment. */
export interface Git {
  /** Where it runs: for one of our own bare repositories, the repository. */
  readonly dir: string
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>
  /** The output without its last newline, as text. */
  text(args: readonly string[], options?: GitOptions): Promise<string>
  /** Writes the output straight to an open file, without this process reading it. */
  toFile(args: readonly string[], input: string, file: FileHandle): Promise<void>
}

const maxOutputBytes = 1024 * 1024 * 1024

/** Never executed, never prompted for, whichever repository is read. */
export const inert = ['core.hooksPath=/dev/null', 'core.fsmonitor=', 'credential.interactive=false']

/** The same, and paths are what they say, on whatever system they are read. */
export const isolated = [
  ...inert,
  ...['core.protectHFS=true', 'core.protectNTFS=true', 'core.quotePath=true', 'core.symlinks=true'],
]
const isolatedOptions = [
  ...isolated.flatMap((setting) => ['-c', setting]),
  '--literal-pathspecs',
  '--no-pager',
]

const quiet = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ATTR_NOSYSTEM: '1',
  LC_ALL: 'C',
}

const noConfiguration = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }

/** The variables a child may have: none of git's own, and none of the runner's secrets. */
export function withoutGit(env: Environment): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_') && !secretVariables.includes(name.toUpperCase()),
  )
  return Object.fromEntries(kept)
}

export function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}

/** Git in one of our own bare repositories: no configuration but the repository's (empty) own. */
export function bareGit(dir: string, env: Environment): Git {
  const fixed = { ...withoutGit(env), ...quiet, ...noConfiguration, GIT_DIR: dir }
  return makeGit(isolatedOptions, fixed, dir)
}

/** What the user's own ssh and credential helpers go by. */
const forServers = ['GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_SSH_VARIANT', 'GITHUB_TOKEN', 'GH_TOKEN']

/**
 * Git in our bare repository that may talk to a server: with the settings given, and the user's ssh and
 * credential helpers. Secrets in settings are seen by this process's children alone.
 */
export function networkGit(
  dir: string,
  env: Environment,
  settings: readonly (readonly [string, string])[],
): Git {
  return makeGit(isolatedOptions, networkEnvironment(dir, env, settings), dir)
}

export function networkEnvironment(
  dir: string,
  env: Environment,
  settings: readonly (readonly [string, string])[],
): Environment {
  const ssh = Object.fromEntries(Object.entries(env).filter(([name]) => forServers.includes(name)))
  const given = Object.fromEntries(
    settings.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  )
  const fixed = { ...withoutGit(env), ...ssh, ...quiet, ...noConfiguration, ...given, GIT_DIR: dir }
  return { ...fixed, GIT_CONFIG_COUNT: String(settings.length) }
}

/** Git that reads the user's repository with the user's configuration, and writes nothing. */
export function userGit(root: string, env: Environment, settings: readonly string[] = []): Git {
  return makeGit(
    [...inert, ...settings].flatMap((setting) => ['-c', setting]),
    userEnvironment(env),
    root,
  )
}

export function userEnvironment(env: Environment): Environment {
  return { ...withoutGit(env), ...quiet }
}

/** Git without any repository of its own, such as for `init`. */
export function plainGit(cwd: string, env: Environment): Git {
  return makeGit(isolatedOptions, { ...withoutGit(env), ...quiet, ...noConfiguration }, cwd)
}

function makeGit(settings: readonly string[], env: Environment, cwd: string): Git {
  const run = async (args: readonly string[], options: GitOptions = {}): Promise<GitResult> => {
    const child = execa('git', [...settings, ...args], {
      cwd: options.cwd ?? cwd,
      env: definedOnly({ ...env, ...options.env }),
      extendEnv: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      reject: false,
      maxBuffer: options.maxOutputBytes ?? maxOutputBytes,
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    })
    const watch = watchSilence(child, options)
    try {
      return checked(args, { ...(await child), wasSilent: watch.wasSilent() }, options, options.cwd ?? cwd)
    } finally {
      watch.stop()
    }
  }
  return {
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString('utf8').replace(/\n$/, ''),
    toFile: (args, input, file) => toFile(settings, args, { cwd, env: definedOnly(env) }, input, file),
    dir: cwd,
  }
}

/**
 * Ends a program whose server is silent or that is cancelled. What git started to talk to the server may outlive git
 * and keep its output open: nobody waits for that.
 */
function watchSilence(
  child: Pick<ChildProcess, 'kill' | 'stdout' | 'stderr'>,
  { silentMs, signal }: GitOptions,
): { wasSilent(): boolean; stop(): void } {
  let silent = false
  const letGo = (): void => {
    child.kill('SIGTERM')
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  const end = (): void => {
    silent = true
    letGo()
  }
  const timer = silentMs === undefined ? undefined : setTimeout(end, silentMs)
  if (timer !== undefined)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', () => timer.refresh())
  signal?.addEventListener('abort', letGo, { once: true })
  return {
    wasSilent: () => silent,
    stop: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', letGo)
    },
  }
}

const objectsGone =
  /\b(bad object|unable to read (tree|sha1|[0-9a-f]{40})|missing (blob|tree|commit)|not a tree object|failed to (read|traverse)|object file .* is empty|loose object .* is corrupt|could not get object info|bad tree object|Not a valid object name [0-9a-f]{40})/i

const diskFull = /no space left on device|disk quota exceeded|out of disk ?space/i

/** All that git says where its output went no further: an object that it cannot read it names in an `error:` before. */
const notWritten = /^fatal: (unable to stream \S+ to stdout|(unable to write|write failure).*)$/

interface Ended {
  readonly wasSilent: boolean
  readonly exitCode?: number | undefined
  readonly code?: string | undefined
  readonly isCanceled: boolean
  readonly stdout?: unknown
  readonly stderr?: unknown
}

function checked(args: readonly string[], result: Ended, options: GitOptions, cwd: string): GitResult {
  if (result.isCanceled || options.signal?.aborted === true) throw failures.cancelled()
  if (result.code === 'ENOENT') throw existsSync(cwd) ? failures.gitNotFound() : failures.folderGone(cwd)
  const stdout = asBuffer(result.stdout)
  const stderr = asBuffer(result.stderr).toString('utf8')
  const exitCode = result.exitCode ?? -1
  if (result.wasSilent) return { exitCode, stdout, stderr, wasSilent: true }
  if (exitCode !== 0 && options.answers?.includes(exitCode) !== true) {
    throw failureOf(args[0] ?? '', stderr || `it ended with ${result.exitCode ?? 'a signal'}`)
  }
  return { exitCode, stdout, stderr, wasSilent: false }
}

/** What git's own words come to. */
export function failureOf(command: string, said: string): Error {
  // Under the name that the system gives it: whoever tells a person finds out which disk it was.
  if (diskFull.test(said)) return Object.assign(new Error(said.trim()), { code: 'ENOSPC' })
  return objectsGone.test(said) ? failures.objectsGone(said) : failures.gitFailed(command, said)
}

function asBuffer(output: unknown): Buffer {
  return output instanceof Uint8Array
    ? Buffer.from(output.buffer, output.byteOffset, output.byteLength)
    : Buffer.alloc(0)
}

/** Characters of git's words that are kept where nobody else bounds them. */
const mostWords = 64 * 1024

/** Node's own spawn, because execa reads whatever it redirects. */
async function toFile(
  settings: readonly string[],
  args: readonly string[],
  where: { readonly cwd: string; readonly env: Record<string, string> },
  input: string,
  file: FileHandle,
): Promise<void> {
  const child = spawn('git', [...settings, ...args], { ...where, stdio: ['pipe', file.fd, 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < mostWords) said += text
  })
  child.stdin?.on('error', () => {}) // a process that dies early says so by its exit code
  child.stdin?.end(input)
  const [exitCode, signal] = await ended
  // A file takes what it is given for as long as its disk has room.
  if (notWritten.test(said.trim())) throw Object.assign(new Error(said.trim()), { code: 'ENOSPC' })
  if (exitCode !== 0) throw failureOf(args[0] ?? '', said || `it ended with ${exitCode ?? signal}`)
}
