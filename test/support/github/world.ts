import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PlayedPull {
  readonly number: number
  title: string
  body: string
  readonly draft: boolean
  /** `owner:branch`. */
  readonly head: string
  readonly base: string
  readonly author: string
  state: 'open' | 'closed'
  merged: boolean
  labels: string[]
  assignees: string[]
  reviewers: string[]
  /** Slugs of teams. */
  teams?: string[]
  milestone: string | undefined
  /** How it is merged once its checks have passed. */
  autoMerge?: string
}

export interface PlayedCheck {
  readonly name: string
  readonly sha: string
  readonly conclusion: string | null
  /** What its log page would say. */
  readonly summary?: string
  /** The log of its job, where it is one of Actions. */
  readonly log?: string
}

export interface PlayedComment {
  readonly number: number
  readonly author: string
  readonly body: string
  readonly path?: string
  readonly line?: number
  /** The first comment of the thread that it answers, by its place among all, from 1. */
  readonly replyTo?: number
  /** The thread that it begins was resolved. */
  resolved?: boolean
}

/** A repository at the stand-in; its branches and commits are those of the bare repository on disk. */
export interface PlayedRepository {
  readonly id: number
  owner: string
  name: string
  archived: boolean
  /** Whether the token's account may push. */
  mayPush: boolean
  /** Types of the rules of every branch. */
  rules: string[]
  /** Checks that must pass before a merge; those of a ruleset where `rules` has `required_status_checks`. */
  requiredChecks: string[]
  allowAutoMerge: boolean
  /** Ways of merging that it takes. */
  mergeMethods: ('merge' | 'squash' | 'rebase')[]
  milestones: string[]
  readonly pulls: PlayedPull[]
  readonly checks: PlayedCheck[]
  readonly statuses: {
    readonly sha: string
    readonly state: string
    readonly context: string
    readonly description: string
  }[]
  /** Below a pull request, and beside lines of it. */
  readonly comments: PlayedComment[]
  readonly reviewComments: PlayedComment[]
  readonly reviews: {
    readonly number: number
    readonly author: string
    readonly state: string
    readonly sha: string
    readonly body?: string
  }[]
  /** What accounts may do: `admin`, `write`, `read`, `none`. */
  readonly permissions: Map<string, string>
}

export interface World {
  /** Bare repositories `owner/name.git`. */
  readonly root: string
  /** Account of the token. */
  readonly login: string
  readonly repositories: PlayedRepository[]
  /** Names that repositories had before. */
  readonly formerly: Map<string, PlayedRepository>
  /** Whether signatures count as verified. */
  verified: boolean
}

export function newWorld(root: string, login = 'grace'): World {
  return { root, login, repositories: [], formerly: new Map(), verified: false }
}

/** The repository of that name; one that lies on disk alone comes into being by being asked for. */
export async function repositoryOf(
  world: World,
  owner: string,
  name: string,
): Promise<PlayedRepository | undefined> {
  const known = world.repositories.find((one) => one.owner === owner && one.name === name)
  if (known !== undefined) return known
  if ((await git(world, { owner, name }, 'rev-parse', '--git-dir')) === undefined) return undefined
  return addRepository(world, owner, name)
}

export function addRepository(world: World, owner: string, name: string): PlayedRepository {
  const made: PlayedRepository = {
    ...{ id: 1000 + world.repositories.length, owner, name, archived: false, mayPush: true },
    ...{ requiredChecks: [], allowAutoMerge: false, mergeMethods: ['merge', 'squash', 'rebase'] },
    ...{ rules: [], milestones: [], pulls: [], checks: [], statuses: [] },
    ...{ comments: [], reviewComments: [], reviews: [], permissions: new Map([[world.login, 'admin']]) },
  }
  world.repositories.push(made)
  return made
}

/** What a git command on the bare repository prints; undefined where it fails. */
export async function git(
  { root }: World,
  { owner, name }: { readonly owner: string; readonly name: string },
  ...args: readonly string[]
): Promise<string | undefined> {
  return run('git', ['--git-dir', join(root, owner, `${name}.git`), ...args]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}

export async function tipOf(world: World, at: PlayedRepository, branch: string): Promise<string | undefined> {
  return git(world, at, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`)
}
