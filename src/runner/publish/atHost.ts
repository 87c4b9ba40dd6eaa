import { failures } from '../../contract/failures.ts'
import { troubleReason } from '../../contract/hostTrouble.ts'
import type { AutoMerge, CheckSummary, PullRequestWish } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { type Host, HostRefusal, type HostRepository, type SelfMerge } from '../hosts/host.ts'
import { hostError } from '../hosts/hostError.ts'
import { type HostTokens, hostOf } from '../hosts/index.ts'
import { printedAddress } from '../hosts/plain.ts'
import { type SameUpdate, sameUpdates } from './sameUpdate.ts'

export interface HostContext {
  readonly view: SessionView
  readonly tokens: HostTokens
  /** For proxies and certificates of the host. */
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
  readonly progress?: (message: string) => void
  /** Open another pull request although one of ours is open for the same update. */
  readonly anyway?: boolean
}

/** The host as it was found before anything was pushed. */
export interface AtHost {
  /** Undefined where nobody can be asked; `why` says so. */
  readonly host: Host | undefined
  readonly repository: HostRepository | undefined
  /** Open requests of others for the same update. */
  readonly others: readonly SameUpdate[]
  readonly notes: readonly string[]
}

/** Looks before anything is pushed. Throws `host-refused`, `same-update-open`. */
export async function lookAtHost(context: HostContext, base: string | undefined): Promise<AtHost> {
  const { view, tokens, fetch, signal, progress, anyway } = context
  const { remote } = view.task.repository
  const url = remote?.url ?? ''
  const found = hostOf(url, view.task.settings, tokens, {
    ...(fetch === undefined ? {} : { fetch }),
    ...(signal === undefined ? {} : { signal }),
    ...(progress === undefined ? {} : { progress }),
  })
  const nobody = { host: undefined, repository: undefined, others: [] }
  if (found === undefined) return { ...nobody, notes: [unspoken(url)] }
  if ('closed' in found) return { ...nobody, notes: [tokenless(found.closed)] }
  const { host } = found
  progress?.(`asking ${host.name}`)
  const { repository, requests } = await looked(host, base, view.id)
  if (repository.archived) throw failures.repositoryArchived(repository.path)
  const same = sameUpdates(requests, view.task, view.to ?? '').filter(
    ({ request }) => request.branch !== (view.task.onto?.branch ?? view.branch ?? view.pushing?.branch),
  )
  const ours = same.find(({ by }) => by === 'drydock')
  if (ours !== undefined && anyway !== true) throw failures.sameUpdateOpen(view.id, ours.request.url)
  return { host, repository, others: same, notes: notesOf(repository, url, base, same) }
}

async function looked(host: Host, base: string | undefined, id: string) {
  try {
    const repository = await host.look(base)
    return { repository, requests: await host.openRequests() }
  } catch (error) {
    throw hostError(error, 'Nothing was pushed', `\`drydock publish ${id}\` again`)
  }
}

function unspoken(url: string): string {
  const address = printedAddress(url)
  return `The remote is not a host whose interface we speak: open the pull request by hand with the title and text given${address === undefined ? '' : `, at ${address}`}.`
}

function tokenless(host: string): string {
  return `There is no ${host} token: open the pull request by hand with the title and text given.`
}

function notesOf(
  { path, rules, defaultBranch, mayPush }: HostRepository,
  url: string,
  base: string | undefined,
  others: readonly SameUpdate[],
): readonly string[] {
  const isRenamed = !url
    .toLowerCase()
    .replace(/\.git$/, '')
    .endsWith(path.toLowerCase())
  const names = { renovate: 'Renovate', dependabot: 'Dependabot', drydock: 'Drydock', somebody: 'Somebody' }
  return [
    ...(isRenamed ? [`The repository is called ${path} now: set the remote's address to it.`] : []),
    ...(mayPush === false
      ? ['The token’s account may not push there: `--fork` publishes from a fork of its own.']
      : []),
    ...(rules.length > 0 ? [`Rules of ${base ?? defaultBranch} at the host: ${rules.join('; ')}.`] : []),
    ...others.map(
      ({ by, request }) => `${names[by]} has an open pull request for the same update: ${request.url}`,
    ),
  ]
}

/** A repository of the account's own to push to. Throws `host-refused`. */
export async function forkAtHost({ host }: AtHost, id: string): Promise<string> {
  if (host?.fork === undefined) throw failures.noFork(host?.name)
  try {
    return await host.fork()
  } catch (error) {
    throw hostError(error, 'No fork was made', `\`drydock publish ${id} --fork\` again`)
  }
}

export interface OpenedRequest {
  readonly url?: string
  readonly number?: number
  readonly signature?: { readonly verified: boolean; readonly reason: string }
  readonly autoMerge?: AutoMerge
  readonly notes: readonly string[]
}

/** Opens the request and shows the result beside its commit. Throws `pull-request-failed`. */
export async function openAtHost(
  { host }: AtHost,
  wish: PullRequestWish,
  commit: string,
  summary: CheckSummary,
  { fork, mergesItself }: { readonly fork?: string | undefined; readonly mergesItself: boolean },
): Promise<OpenedRequest> {
  if (host === undefined) return { notes: [] }
  try {
    const { url, number, notes } = await host.open(wish, fork)
    const shown = await host.result(commit, summary)
    const signature = await host.signature(commit)
    const merging = mergesItself ? await askedToMerge(host, number) : undefined
    return {
      ...{ url, number },
      ...(merging === undefined ? {} : { autoMerge: merging }),
      ...(signature === undefined ? {} : { signature }),
      notes: [...notes, ...(shown === undefined ? [] : [shown]), ...mergeNotes(merging)],
    }
  } catch (error) {
    if (error instanceof HostRefusal) throw failures.pullRequestFailed(wish.head, error.trouble)
    throw error
  }
}

/** A request that is open stays so, whatever the host says of merging it. */
async function askedToMerge(host: Host, number: number): Promise<AutoMerge> {
  try {
    await host.selfMerge?.ask(number)
    return { on: true }
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    return { on: false, said: troubleReason(error.trouble).slice(0, 500) }
  }
}

function mergeNotes(merging: AutoMerge | undefined): readonly string[] {
  if (merging === undefined) return []
  return merging.on
    ? ['It is merged by itself once its required checks have passed.']
    : [`It is not merged by itself: ${merging.said ?? 'the host refused it'}.`]
}

/** What the host says of merging by itself into a branch; undefined where it has nothing of the kind or does not say. */
export async function selfMergeAt(
  { host, repository }: AtHost,
  base: string | undefined,
): Promise<SelfMerge | undefined> {
  try {
    return await host?.selfMerge?.look(base ?? repository?.defaultBranch ?? '')
  } catch (error) {
    if (error instanceof HostRefusal) return undefined
    throw error
  }
}

/** Says in the other tools' requests that this one exists; what came of it. */
export async function tellOthers(
  { host, others }: AtHost,
  url: string | undefined,
): Promise<readonly string[]> {
  if (host === undefined || url === undefined) return []
  const notes: string[] = []
  for (const { request } of others) {
    const text = `${url} makes the same update, with what it breaks repaired and verified.`
    const said = await host.comment(request.number, text).then(
      () => `Said so in ${request.url}`,
      (error: unknown) => {
        if (error instanceof HostRefusal) return `${request.url} was not told: the host refused it.`
        throw error
      },
    )
    notes.push(said)
  }
  return notes
}
