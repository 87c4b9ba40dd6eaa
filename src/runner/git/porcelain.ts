import { existsSync } from 'node:fs'
import { GitError, GitPluginError, type SimpleGit, type SimpleGitOptions, simpleGit } from 'simple-git'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import {
  definedOnly,
  type Environment,
  failureOf,
  inert,
  isolated,
  networkEnvironment,
  userEnvironment,
} from './program.ts'

/*
 * Git's porcelain: questions to the user's repository, and talk with its remote. What is streamed, binary or ours alone
 * is `run.ts`; docs/decisions/0025 says where the line is. The surroundings are the same, and closed.
 */

/** A git program that ended with another code than 0. */
export class GitExit extends GitError {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string

  constructor(exitCode: number, stdout: string, stderr: string) {
    super(undefined, stderr || `it ended with ${exitCode}`)
    this.exitCode = exitCode
    this.stdout = stdout
    this.stderr = stderr
  }
}

export interface PorcelainOptions {
  readonly signal?: AbortSignal
  /** A server that says nothing for so long, ms, is given up: `isSilence`. */
  readonly silentMs?: number
}

/** Reads the user's repository with the user's configuration, and runs nothing that the repository names. */
export function userPorcelain(root: string, env: Environment, settings: readonly string[] = []): SimpleGit {
  return opened(root, userEnvironment(env), [...inert, ...settings], {})
}

/** Talks to a server from our bare repository, with the settings given: see `networkGit`. */
export function networkPorcelain(
  dir: string,
  env: Environment,
  settings: readonly (readonly [string, string])[],
  options: PorcelainOptions,
): SimpleGit {
  return opened(dir, networkEnvironment(dir, env, settings), isolated, options)
}

function opened(
  baseDir: string,
  env: Environment,
  config: readonly string[],
  { signal, silentMs }: PorcelainOptions,
): SimpleGit {
  const variables = definedOnly(env)
  const options: Partial<SimpleGitOptions> = {
    ...{ baseDir, config: [...config], trimmed: true, maxConcurrentProcesses: 4 },
    allowEnvironment: Object.keys(variables),
    // All of it is said here or by the user, never by a repository.
    unsafe: {
      ...{ allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeConfigPaths: true },
      ...{ allowUnsafeConfigEnvCount: true, allowUnsafeSshCommand: true, allowUnsafeAskPass: true },
      ...{ allowUnsafeCredentialHelper: true, allowUnsafeGitProxy: true, allowUnsafeProtocolOverride: true },
      ...{ allowUnsafeEditor: true, allowUnsafePager: true },
    },
    // What git started to talk to a server may outlive git and keep its output open: nobody waits for that.
    completion: { onClose: true, onExit: 500 },
    errors: (error, { exitCode, stdOut, stdErr }) =>
      // Where a plugin ended the program, that is what happened to it.
      exitCode === 0 || error instanceof GitPluginError
        ? error
        : new GitExit(exitCode, Buffer.concat(stdOut).toString(), Buffer.concat(stdErr).toString()),
    ...(signal === undefined ? {} : { abort: signal }),
    ...(silentMs === undefined ? {} : { timeout: { block: silentMs } }),
  }
  if (!existsSync(baseDir)) throw failures.folderGone(baseDir)
  return simpleGit(options).env(variables)
}

/** Whether a server said nothing for as long as it was given. */
export function isSilence(error: unknown): boolean {
  return error instanceof GitPluginError && error.plugin === 'timeout'
}

/** What a command answers where some of its exit codes are answers too: then what it printed. */
export async function answer(asked: Promise<string>, codes: readonly number[]): Promise<string> {
  return await asked.catch((error: unknown) => {
    if (error instanceof GitExit && codes.includes(error.exitCode)) return error.stdout.trim()
    throw told(error)
  })
}

/** The failure that a person sees. */
export function told(error: unknown): Error {
  if (error instanceof DrydockError) return error
  if (error instanceof GitPluginError && error.plugin === 'abort') return failures.cancelled()
  const text = error instanceof Error ? error.message : String(error)
  if (/spawn git ENOENT|\bENOENT\b.*\bgit\b/.test(text)) return failures.gitNotFound()
  return failureOf('', text)
}
