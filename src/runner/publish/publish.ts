import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import { takenText } from '../../contract/newBase.ts'
import { standing } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { RepositoryRef } from '../../contract/task.ts'
import type { Artifacts, Emit } from '../../store/emit.ts'
import type { Environment } from '../git/program.ts'
import { openRemote, type Remote, userIdentity } from '../git/remote.ts'
import type { BareRepository } from '../git/repository.ts'
import { signingOf } from '../git/userSigning.ts'
import type { HostTokens } from '../hosts/index.ts'
import { readPatch } from '../patch/read.ts'
import { answerThreads } from './answers.ts'
import { type AtHost, forkAtHost, lookAtHost, openAtHost, selfMergeAt, tellOthers } from './atHost.ts'
import { type AutoMergePolicy, autoMergeWords, lacksAtHost, lacksForAutoMerge } from './autoMerge.ts'
import { pullRequestBody } from './body.ts'
import { freeBranch } from './branch.ts'
import { checkSummary } from './checkSummary.ts'
import { type Composed, compose } from './compose.ts'
import { remoteByNow, requireBaseAt, withRemote } from './laterRemote.ts'
import { inlineCode } from './markdown.ts'
import { type Gate, mostMoves, movedBase } from './newBase.ts'
import { changedOnto, pushOntoBranch } from './onto.ts'
import { earlierBranches, requireFirst } from './sameBranch.ts'

export interface PublishContext {
  /** The session as it is now, its approval included. */
  readonly view: SessionView
  /** Text of the view's patch. */
  readonly patchText: string
  readonly repository: BareRepository
  readonly artifacts: Artifacts
  readonly emit: Emit
  readonly env: Environment
  readonly tokens?: HostTokens
  /** For proxies and certificates of the host. */
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
  /** sha256 of the statement of the session's evidence, as it is when the text is written. */
  readonly evidence?: () => Promise<string | undefined>
  /** What a host may merge by itself; nothing where it is missing. */
  readonly autoMerge?: AutoMergePolicy | undefined
  readonly now: Date
  /** Checks the change on a base that has moved. */
  readonly gate: Gate
  /** How often somebody of a list of reviewers was asked before. */
  readonly turn?: number
  /** Told what it waits for. */
  readonly progress?: (message: string) => void
  /** Longest silence of the remote, ms. */
  readonly silentMs?: number
  /** Publish although a pull request of ours is open for the same update. */
  readonly anyway?: boolean
  /** Say in other tools' open requests for the same update that this one exists. */
  readonly tell?: boolean
  /** Push to a fork of the account's own. */
  readonly fork?: boolean
}

export interface Published {
  readonly branch: string
  readonly commit: string
  /** Undefined where no pull request was opened; `note` says why. */
  readonly url?: string
  readonly number?: number
  /** What the host thinks of the commit's signature, where it says so. */
  readonly signature?: { readonly verified: boolean; readonly reason: string }
  readonly title: string
  /** The pull request's text, and the artifact that holds it. */
  readonly body: string
  readonly bodyDigest: string
  /** Sentences for the person: base moved, no token, another host. */
  readonly notes: readonly string[]
}

/**
 * Builds the approved commit in the bare repository, pushes it to a fresh branch of the recorded remote and
 * opens the pull request. Emits `branch.pushed` and `pullRequest.opened`; run again after a failure, it goes
 * on where it stopped. Throws `approval-void`, `base-moved`, `no-remote`, `host-refused`, `same-update-open`, `push-failed`, `pull-request-failed`.
 */
export async function publish(given: PublishContext): Promise<Published> {
  const { env, signal, silentMs, repository, progress = () => {} } = given
  requireApproval(given.view, given.patchText)
  const recorded = await remoteByNow(given.view.task.repository, env)
  if (recorded === undefined) throw failures.noRemote(given.view.id)
  const before = withRemote(given.view, recorded)
  const options = {
    ...{ dir: repository.dir, root: before.task.repository.root, recorded, env },
    ...(signal === undefined ? {} : { signal }),
    ...(silentMs === undefined ? {} : { silentMs }),
  }
  const remote = await openRemote(options)
  progress(`asking ${recorded.name}`)
  if (given.view.task.repository.remote === undefined)
    await requireBaseAt(before, remote, repository, recorded.name)
  const base = await baseAtRemote(given, remote)
  const at = await lookAtHost({ ...given, view: before, tokens: given.tokens ?? {} }, base)
  await requireFirst({ ...given, view: before }, remote, at)
  const ofOnto = before.task.onto?.fork
  const ontoRemote = ofOnto === undefined ? remote : await openRemote({ ...options, fork: ofOnto })
  const { context, notes: ofBase } = await onNewestBase(
    { ...given, view: before, emit: withLater(given, recorded) },
    remote,
    ontoRemote,
    base ?? at.repository?.defaultBranch,
  )
  const { view } = context
  const composed = await compose({ view, repository, turn: context.turn ?? 0 })
  const fork = context.fork === true ? await forkAtHost(at, view.id) : view.task.onto?.fork
  const target = fork === undefined ? remote : await openRemote({ ...options, fork })
  const pushed = await pushOnce(context, target, fork ?? recorded.name, composed)
  progress('opening the pull request')
  const merging = await mergingOf(context, composed, at, base)
  const body = await bodyOf(context, composed, [...ofBase, ...merging.words], pushed)
  const bodyDigest = await context.artifacts.put(body)
  const { branch: _, opening: __, autoMerge: ___, asked: ____, notes: ofHabits, ...asked } = composed
  const wish = {
    ...{ ...asked, body, head: pushed.branch },
    ...(base === undefined ? {} : { base }),
  }
  const { notes: ofHost, ...opened } = await openAtHost(
    at,
    wish,
    pushed.commit,
    checkSummary(view, pushed.commit),
    { fork, mergesItself: merging.asked },
  )
  context.emit({ type: 'pullRequest.opened', ...opened, body: bodyDigest })
  const answered = await answers(context, at, pushed.commit, opened.number)
  const told = context.tell === true ? await tellOthers(at, opened.url) : []
  const moved = (view.bases ?? []).map(takenText)
  const notes = [
    ...moved,
    ...ofBase,
    ...merging.words,
    ...ofHabits,
    ...at.notes,
    ...ofHost,
    ...answered,
    ...told,
  ]
  return { ...pushed, ...opened, title: composed.title, body, bodyDigest, notes }
}

/** A remote that came after the session began is told with the push to it. */
function withLater({ view, emit }: PublishContext, recorded: NonNullable<RepositoryRef['remote']>): Emit {
  if (view.task.repository.remote !== undefined) return emit
  return (event) => emit(event.type === 'branch.pushing' ? { ...event, recorded } : event)
}

interface Merging {
  /** The host is asked for it. */
  readonly asked: boolean
  readonly words: readonly string[]
}

/** Whether the host is asked to merge by itself, and every condition that fails. */
async function mergingOf(
  { view, autoMerge: policy, now }: PublishContext,
  { autoMerge: allowed, draft }: Composed,
  at: AtHost,
  base: string | undefined,
): Promise<Merging> {
  if (policy === undefined) return { asked: false, words: [] }
  const own = lacksForAutoMerge({ view, policy, allowed, draft, now })
  // A change that is not let through is nothing to ask the host about.
  const lacks = own.length > 0 ? own : lacksAtHost(await selfMergeAt(at, base))
  return { asked: lacks.length === 0, words: autoMergeWords(policy, lacks) }
}

/** Answers what people said of the pull request, where the session took it up; what of it did not come about. */
async function answers(
  { view, emit, repository }: PublishContext,
  { host }: AtHost,
  commit: string,
  number: number | undefined,
): Promise<readonly string[]> {
  if (view.task.threads === undefined || host === undefined || number === undefined) return []
  const changed = await changedOnto(repository, view.task, commit)
  return answerThreads({ view, host, number, emit, commit, changed })
}

/** With a person's own words where they wrote some. */
async function bodyOf(
  { view, artifacts, evidence }: PublishContext,
  { opening }: Composed,
  notes: readonly string[],
  { commit, branch }: Pushed,
): Promise<string> {
  const kept = view.edits?.body
  const own = kept === undefined ? undefined : (await artifacts.get(kept)).toString('utf8')
  const digest = await evidence?.()
  return pullRequestBody(view, {
    ...(own === undefined ? {} : { own }),
    ...{ notes, commit, branch },
    ...(digest === undefined ? {} : { evidence: digest }),
    ...(opening === undefined ? {} : { opening }),
  })
}

function requireApproval(view: SessionView, patchText: string): void {
  const { approval, patch, warnings, task } = view
  if (approval === null) throw failures.approvalVoid('nobody has approved this patch')
  const digest = createHash('sha256').update(patchText).digest('hex')
  if (patch === null || approval.digest !== patch.digest || digest !== patch.digest) {
    throw failures.approvalVoid('it was given for another patch')
  }
  if (approval.baseCommit !== patch.baseCommit || patch.baseCommit !== task.repository.baseCommit) {
    throw failures.approvalVoid('it was given for another base commit')
  }
  const open = warnings.filter(({ severity, acknowledged }) => severity === 'acknowledge' && !acknowledged)
  if (open.length > 0) throw failures.warningsNotAcknowledged(open.map(({ code }) => code))
}

interface OnNewest {
  readonly context: PublishContext
  readonly notes: readonly string[]
}

/** The context on what the base branch is by now, each move of it checked; throws `base-moved`. */
async function onNewestBase(
  given: PublishContext,
  remote: Remote,
  ontoRemote: Remote,
  branch: string | undefined,
): Promise<OnNewest> {
  let context = given
  for (let moves = 0; ; moves += 1) {
    const moved = await movedBase(context, remote, ontoRemote, branch)
    if (moved === undefined) return { context, notes: goneNotes(context.view, branch) }
    if (moved === 'ahead') return { context, notes: [aheadNote(context.view)] }
    if (moves === mostMoves) throw failures.baseMovesOn(context.view.id, moved.branch)
    const view = await context.gate(moved)
    const patchText = await context.artifacts.get(view.patch?.digest ?? '')
    const { remote: its } = context.view.task.repository
    context = {
      ...context,
      view: its === undefined ? view : withRemote(view, its),
      patchText: patchText.toString('utf8'),
    }
    requireApproval(view, context.patchText)
  }
}

/** The branch that the session began on was renamed or removed. */
function goneNotes({ task }: SessionView, branch: string | undefined): readonly string[] {
  const own = task.repository.branch
  if (own === undefined || branch === undefined || own === branch) return []
  return [`${inlineCode(own)} is not at the remote any more: this goes into ${inlineCode(branch)}.`]
}

function aheadNote({ task }: SessionView): string {
  const { branch = '', baseCommit } = task.repository
  return `The base commit ${inlineCode(baseCommit.slice(0, 12))} was not in ${inlineCode(branch)} at the remote: this branch brings the commits below it along.`
}

/** The branch to merge into, where the remote has it. */
async function baseAtRemote({ view }: PublishContext, remote: Remote): Promise<string | undefined> {
  const { branch } = view.task.repository
  if (branch === undefined) return undefined
  return (await remote.branches([branch])).has(branch) ? branch : undefined
}

interface Pushed {
  readonly branch: string
  readonly commit: string
}

/** Pushes, unless an earlier try already has; what is on the base alone by now is added to what that one pushed. */
async function pushOnce(
  context: PublishContext,
  remote: Remote,
  name: string,
  { branch: wish, title }: Composed,
): Promise<Pushed> {
  const { view, emit } = context
  const onto = (branch: string, head: string): Promise<Pushed> =>
    pushOntoBranch({ ...context, branch, head }, remote, name, (parents) => build(context, title, parents))
  if (view.task.onto !== undefined) return onto(view.task.onto.branch, view.task.onto.head)
  const taken = await remote.branches([`${wish}*`, ...earlierBranches(view)])
  const { branch, commit: pushed } = view
  if (branch !== null && pushed !== null && taken.get(branch) === pushed) return onto(branch, pushed)
  // A runner that died between the push and its event: the remote knows.
  if (view.pushing !== undefined && taken.get(view.pushing.branch) === view.pushing.commit)
    return onto(view.pushing.branch, view.pushing.commit)
  const commit = await build(context, title)
  const names = new Set(taken.keys())
  for (let tries = 0; tries < 20; tries += 1) {
    const branch = freeBranch(wish, names)
    context.progress?.(`pushing ${branch}`)
    emit({ type: 'branch.pushing', remote: name, branch, commit })
    if (await remote.pushNew(commit, branch)) {
      emit({ type: 'branch.pushed', remote: name, branch, commit })
      return { branch, commit }
    }
    names.add(branch)
  }
  throw failures.pushFailed(name, `every branch like ${wish} is taken`)
}

/** The commit of the approved patch on the base commit itself: nothing of a snapshot's left-out files is lost. */
async function build(
  { view, patchText, repository, env, signal }: PublishContext,
  title: string,
  parents: readonly string[] = [view.task.repository.baseCommit],
): Promise<string> {
  const { baseCommit, root } = view.task.repository
  readPatch(patchText, baseCommit)
  const tree = await repository.apply(`${baseCommit}^{tree}`, patchText)
  const identity = await userIdentity(root, env)
  const found = identity === undefined ? undefined : await signingOf(root, env)
  const signing = found && { ...found, ...(signal === undefined ? {} : { signal }) }
  return repository.commit(tree, parents, message(view, title), identity, signing)
}

function message(view: SessionView, title: string): string {
  const standings = { tests: 'yes', steps: 'without a test', red: 'no', 'not verified': 'no' } as const
  const verified = view.matrix === null ? 'no' : standings[standing(view.matrix)]
  const moves = view.moves.map(({ name, from, to }) => `- ${name} ${from ?? 'none'} -> ${to ?? 'none'}`)
  const trailers = [
    `Drydock-Session: ${view.id}`,
    `Drydock-Patch: sha256:${view.patch?.digest ?? ''}`,
    `Drydock-Verified: ${verified}`,
    `Drydock-Judge: ${view.verdict?.decision ?? 'not-judged'}`,
  ]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names come from a registry
  const body = moves.map((line) => line.replace(/[\u0000-\u001f\u007f]+/g, ' ')).join('\n')
  return [title, body, trailers.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}
