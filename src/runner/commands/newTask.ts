import { posix, resolve } from 'node:path'
import type { Codemod } from '../../contract/codemod.ts'
import { codemodFailures } from '../../contract/codemodFailures.ts'
import type { EcosystemFacts } from '../../contract/ecosystems/facts.ts'
import { ecosystemOf, ecosystems, splitEcosystem } from '../../contract/ecosystems/index.ts'
import { failures } from '../../contract/failures.ts'
import type { RunRequest } from '../../contract/runRequest.ts'
import { Settings } from '../../contract/settings.ts'
import type { DependencyUpdate, RepositoryRef, Task } from '../../contract/task.ts'
import { newSessionId } from '../../store/home.ts'
import { readCodemod } from '../codemod/folder.ts'
import { manifestsIn } from '../ecosystems/folder/locate.ts'
import { specsOf } from '../ecosystems/index.ts'
import { commitView } from '../git/commitView.ts'
import { openRepository } from '../git/userRepository.ts'
import type { CommandContext } from './context.ts'

/** Options of `drydock update`, as the argument parser leaves them. */
export interface UpdateOptions {
  readonly repo: string
  readonly manifest?: string
  readonly includeUncommitted?: boolean
  readonly keepSecretFiles?: boolean
  readonly allowMissing?: boolean
  readonly maxTurns?: number
  readonly maxAttempts?: number
  readonly budgetUsd?: number
  readonly model?: string
  readonly judgeModel?: string
  readonly secondOpinionModel?: string
  readonly lastAttemptModel?: string
  readonly verifyTimeout?: number
  readonly workspaceMb?: number
  readonly memoryMb?: number
  readonly maxSessions?: number
  readonly runtime?: string
  readonly githubApiUrl?: string
  readonly gitlabUrl?: string
  readonly gitHost?: readonly string[]
  readonly fresh?: boolean
  /** Folder of a codemod. */
  readonly codemod?: string
}

/**
 * A package as its ecosystem writes it, with `npm:` and the like in front of it where somebody says whose it is. A plain
 * name that could be of several belongs to the first of them that has one of the manifests, names of files, given; what is
 * no package of a registry is refused.
 */
export async function parseSpec(
  spec: string,
  manifests: () => Promise<readonly string[]> = async () => [],
): Promise<Pick<DependencyUpdate, 'ecosystem' | 'package' | 'requested'>> {
  const { ecosystem: said, rest } = splitEcosystem(spec)
  const named = said === undefined ? undefined : (await specsOf(said)).readSpec(rest)
  if (said !== undefined && named !== undefined) return { ecosystem: said, ...named }
  const read = ecosystems.toSorted(byForm).map(async ({ id, named, manifest }) => {
    const found = (await specsOf(id)).readSpec(spec)
    return found === undefined ? [] : [{ named, manifest, spec: { ecosystem: id, ...found } }]
  })
  const [first, ...others] = (await Promise.all(read)).flat()
  if (first !== undefined && (first.named !== undefined || others.length === 0)) return first.spec
  const there = others.length === 0 ? [] : await manifests()
  const meant = [first, ...others].find((one) => one !== undefined && there.includes(one.manifest)) ?? first
  if (meant !== undefined) return meant.spec
  throw failures.badUsage(`"${spec}" is not <package>[@<version>].`)
}

/** Names that have a form of their own go before plain ones. */
function byForm(a: EcosystemFacts, b: EcosystemFacts): number {
  return Number(a.named === undefined) - Number(b.named === undefined)
}

function settingsOf(options: UpdateOptions): Settings {
  const wishes = {
    model: options.model,
    judgeModel: options.judgeModel,
    secondOpinionModel: options.secondOpinionModel,
    lastAttemptModel: options.lastAttemptModel,
    maxTurns: options.maxTurns,
    maxAttempts: options.maxAttempts,
    budgetUsd: options.budgetUsd,
    verifyTimeoutMs: options.verifyTimeout === undefined ? undefined : options.verifyTimeout * 1000,
    workspaceMb: options.workspaceMb,
    memoryMb: options.memoryMb,
    maxConcurrentSessions: options.maxSessions,
    keepSecretFiles: options.keepSecretFiles,
    allowMissing: options.allowMissing,
    runtime: options.runtime,
    githubApiUrl: options.githubApiUrl,
    gitlabUrl: options.gitlabUrl,
    gitHosts: options.gitHost,
  }
  const parsed = Settings.safeParse(
    Object.fromEntries(Object.entries(wishes).filter(([, v]) => v !== undefined)),
  )
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw failures.badUsage(`${issue?.path.join('.')}: ${issue?.message}`)
}

/** The task of one update, bound to the repository's commit of this moment. */
export async function newUpdate(
  context: CommandContext,
  spec: string,
  options: UpdateOptions,
): Promise<{ readonly task: DependencyUpdate; readonly dirty: boolean }> {
  const { dirty, repository } = await repositoryRef(
    context,
    options.repo,
    options.includeUncommitted ?? false,
  )
  const task: DependencyUpdate = {
    v: 1,
    id: newSessionId(context.now()),
    kind: 'dependency-update',
    ...(await parseSpec(spec, () => manifestNamesAt(context, repository))),
    ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
    repository,
    settings: settingsOf(options),
    ...(options.fresh === true ? { fresh: true } : {}),
  }
  if (options.codemod === undefined) return { task, dirty }
  return { task: withCodemod(task, await readCodemod(resolve(context.cwd, options.codemod))), dirty }
}

/** A codemod of another package's repair has no business here. Throws `bad-codemod`. */
export function withCodemod(task: DependencyUpdate, codemod: Codemod): DependencyUpdate {
  const its = codemod.from?.package
  if (its !== undefined && its !== task.package) throw codemodFailures.otherCodemod(its, task.package)
  return { ...task, codemod }
}

/** Names of the files in which packages are declared. */
async function manifestNamesAt(
  { env }: CommandContext,
  { root, baseCommit }: RepositoryRef,
): Promise<readonly string[]> {
  return manifestsIn(await commitView(root, baseCommit, env)).map((path) => posix.basename(path))
}

/** The repository as a task names it: bound to the commit, branch and remote of this moment. */
async function repositoryRef(
  context: CommandContext,
  folder: string,
  includeUncommitted: boolean,
): Promise<{ readonly repository: RepositoryRef; readonly dirty: boolean }> {
  const {
    dirty,
    root,
    folder: within,
    headCommit,
    branch,
    remote,
  } = await openRepository(folder, context.env)
  const repository = {
    root,
    ...(within === '' ? {} : { folder: within }),
    baseCommit: headCommit,
    ...(branch === undefined ? {} : { branch }),
    ...(remote === undefined ? {} : { remote }),
    includeUncommitted,
  }
  return { repository, dirty }
}

type NewSession = Extract<RunRequest, { do: 'update' | 'change' }>

/** The task of a new session, as a runner's standard input asks for it. */
export async function taskOf(context: CommandContext, request: NewSession): Promise<Task> {
  const id = newSessionId(context.now())
  const { root, includeUncommitted } = request.repository
  const { repository } = await repositoryRef(context, root, includeUncommitted)
  const fresh = request.fresh === undefined ? {} : { fresh: request.fresh }
  const common = { v: 1 as const, id, repository, settings: Settings.parse(request.settings), ...fresh }
  if (request.do === 'change') {
    const { kind, title, prompt } = request
    return { ...common, kind, title, prompt }
  }
  const { requested, manifest } = request
  const ecosystem = request.ecosystem ?? ecosystemOf(request.package)
  const asked = { ecosystem, package: request.package, requested }
  const more = manifest === undefined ? {} : { manifest }
  const task: DependencyUpdate = { ...common, kind: 'dependency-update', ...asked, ...more }
  return request.codemod === undefined ? task : withCodemod(task, request.codemod)
}
