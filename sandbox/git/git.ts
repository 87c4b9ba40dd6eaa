import { type RunResult, run } from '../process/run.ts'

/** A git whose folder is ours: nothing in the work tree can configure it. */
export interface Git {
  readonly workspace: string
  readonly gitDir: string
  /** Absolute path of the binary. */
  readonly binary: string
}

export interface GitCall {
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly input?: string
  /** Another index than the folder's own. */
  readonly index?: string
}

const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.autocrlf=false',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
  'diff.ignoreSubmodules=all',
  'advice.addEmbeddedRepo=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
]

const identity = { name: 'Drydock', email: 'drydock@localhost' }

function environment({ workspace, gitDir }: Git, index: string | undefined): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    GIT_DIR: gitDir,
    GIT_WORK_TREE: workspace,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: '/bin/false',
    GIT_PAGER: 'cat',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  }
}

/** Runs git in the work tree's root with our folder and no configuration but ours. */
export function runGit(git: Git, args: readonly string[], call: GitCall): Promise<RunResult> {
  return run({
    file: git.binary,
    args: [...settings.flatMap((setting) => ['-c', setting]), '--no-pager', ...args],
    cwd: git.workspace,
    env: environment(git, call.index),
    timeoutMs: call.timeoutMs,
    maxBytes: call.maxBytes,
    signal: call.signal,
    ...(call.input === undefined ? {} : { input: call.input }),
  })
}

/** The output of a git that has to succeed. */
export async function gitText(git: Git, args: readonly string[], call: GitCall): Promise<string> {
  const result = await runGit(git, args, call)
  if (result.exitCode === 0 && !result.truncated) return result.stdout.toString('utf8')
  const why = result.timedOut
    ? 'timed out'
    : result.truncated
      ? 'too much output'
      : result.stderr.toString('utf8')
  throw new Error(`git ${args[0]}: ${why.trim()}`)
}
