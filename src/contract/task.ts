import { z } from 'zod'
import { Codemod } from './codemod.ts'
import { ecosystemIds } from './ecosystems/index.ts'
import { CommitId } from './patch.ts'
import { mostThreads, ReviewThread } from './reviewThread.ts'
import { SessionId } from './sessionId.ts'
import { Settings } from './settings.ts'

export { SessionId } from './sessionId.ts'

export const Ecosystem = z.enum(ecosystemIds)

/** Where the repository is and what of it is meant. */
export const RepositoryRef = z.strictObject({
  /** Absolute path of the work tree's top. */
  root: z.string(),
  /** Folder in it that was named, in slashes; undefined: the whole repository. */
  folder: z.string().optional(),
  baseCommit: CommitId,
  branch: z.string().optional(),
  /** Name and URL of the remote recorded at the start; the only one ever pushed to. No credentials in it. */
  remote: z.strictObject({ name: z.string(), url: z.string() }).optional(),
  /** Uncommitted changes were packaged on top of `baseCommit`. */
  includeUncommitted: z.boolean(),
})
export type RepositoryRef = z.infer<typeof RepositoryRef>

const common = {
  v: z.literal(1),
  id: SessionId,
  repository: RepositoryRef,
  settings: Settings,
  /** No result of the base that an earlier session kept is used. */
  fresh: z.literal(true).optional(),
  /** The ended session that this one tries again, and what its reviewer said. */
  retry: z.strictObject({ of: SessionId, note: z.string().max(10_000).optional() }).optional(),
  /** The branch of an open pull request that the change goes onto, instead of a new one. */
  onto: z
    .strictObject({
      branch: z.string().min(1),
      /** Its tip when the session began, commits of other people included. */
      head: CommitId,
      /** `owner/name` of the fork that has it. */
      fork: z.string().min(1).optional(),
    })
    .optional(),
  /** What people say of that pull request, which the session takes up and answers. */
  threads: z.array(ReviewThread).max(mostThreads).optional(),
  /** The session that this one repeats from the same base, to compare what comes of it. */
  rerun: z.strictObject({ of: SessionId }).optional(),
}

export const DependencyUpdate = z.strictObject({
  ...common,
  kind: z.literal('dependency-update'),
  ecosystem: Ecosystem,
  /** As its ecosystem names it. */
  package: z.string(),
  /** A version, range or dist-tag as the user asked; `latest` where they did not. */
  requested: z.string(),
  /** Manifest the dependency is declared in, relative to the root or the folder; found where undefined. */
  manifest: z.string().optional(),
  /** A repair from elsewhere that is tried before any agent, where the update breaks something. */
  codemod: Codemod.optional(),
})
export type DependencyUpdate = z.infer<typeof DependencyUpdate>

const prompted = { ...common, prompt: z.string().min(1), title: z.string().min(1) }
export const Refactor = z.strictObject({ ...prompted, kind: z.literal('refactor') })
export const Migration = z.strictObject({ ...prompted, kind: z.literal('migration') })

/** One change type a session: the schema cannot express two. */
export const Task = z.discriminatedUnion('kind', [DependencyUpdate, Refactor, Migration])
export type Task = z.infer<typeof Task>

/** One line that names the task to a person. */
export function taskTitle(task: Task): string {
  return task.kind === 'dependency-update' ? `Update ${task.package} to ${task.requested}` : task.title
}
