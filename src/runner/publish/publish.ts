import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import { standing } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Artifacts, Emit } from '../../store/emit.ts'
import { isOnRemote, openRemote, type Remote, userIdentity } from '../git/remote.ts'
import type { BareRepository } from '../git/repository.ts'
import type { Environment } from '../git/run.ts'
import { signingOf } from '../git/userSigning.ts'
import type { HostTokens } from '../hosts/index.ts'
import { readPatch } from '../patch/read.ts'
import { forkAtHost, lookAtHost, openAtHost, tellOthers } from './atHost.ts'
import { pullRequestBody } from './body.ts'
import { freeBranch } from './branch.ts'
import { checkSummary } from './checkSummary.ts'
import { type Composed, compose } from './compose.ts'
import { inlineCode } from './markdown.ts'
import { pushOntoBranch } from './onto.ts'

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
  /** sha256 of the statement of the session's evidence. */
  readonly evidence?: string
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
  /** The pull request's text, and the artifact that holds it. */
  readonly body: string
  readonly bodyDigest: string
  /** Sentences for the person: base moved, no token, another host. */
  readonly notes: readonly string[]
}

/**
 * Builds the approved commit in the bare repository, pushes it to a fresh branch of the recorded remote and
 * opens the pull request. Emits `branch.pushed` and `pullRequest.opened`; run again after a failure, it goes
 * on where it stopped. Throws `approval-void`, `no-remote`, `host-refused`, `same-update-open`, `push-failed`, `pull-request-failed`.
 */
export async function publish(context: PublishContext): Promise<Published> {
  const { view, env, signal, silentMs, repository, progress = () => {} } = context
  const recorded = view.task.repository.remote
  requireApproval(view, context.patchText)
  if (recorded === undefined) throw failures.noRemote()
  const options = {
    ...{ dir: repository.dir, root: view.task.repository.root, recorded, env },
    ...(signal === undefined ? {} : { signal }),
    ...(silentMs === undefined ? {} : { silentMs }),
  }
  const remote = await openRemote(options)
  progress(`asking ${recorded.name}`)
  const base = await baseAtRemote(context, remote, recorded.name)
  const at = await lookAtHost({ ...context, tokens: context.tokens ?? {} }, base.branch)
  const composed = await compose({ view, repository, turn: context.turn ?? 0 })
  const fork = context.fork === true ? await forkAtHost(at, view.id) : undefined
  const target = fork === undefined ? remote : await openRemote({ ...options, fork })
  const pushed = await pushOnce(context, target, fork ?? recorded.name, composed)
  progress('opening the pull request')
  const body = await bodyOf(context, composed, base.notes, pushed)
  const bodyDigest = await context.artifacts.put(body)
  const { branch: _, opening: __, notes: ofHabits, ...asked } = composed
  const wish = {
    ...{ ...asked, body, head: pushed.branch },
    ...(base.branch === undefined ? {} : { base: base.branch }),
  }
  const { notes: ofHost, ...opened } = await openAtHost(
    at,
    wish,
    pushed.commit,
    checkSummary(view, pushed.commit),
    fork,
  )
  context.emit({ type: 'pullRequest.opened', ...opened, body: bodyDigest })
  const told = context.tell === true ? await tellOthers(at, opened.url) : []
  const notes = [...base.notes, ...ofHabits, ...at.notes, ...ofHost, ...told]
  return { ...pushed, ...opened, body, bodyDigest, notes }
}

/** A person's own text where they edited it. */
async function bodyOf(
  { view, artifacts, evidence }: PublishContext,
  { opening }: Composed,
  notes: readonly string[],
  { commit, branch }: Pushed,
): Promise<string> {
  if (view.edits?.body !== undefined) return (await artifacts.get(view.edits.body)).toString('utf8')
  return pullRequestBody(view, {
    ...{ notes, commit, branch },
    ...(evidence === undefined ? {} : { evidence }),
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

interface BaseAtRemote {
  /** The branch to merge into, where the remote has it. */
  readonly branch: string | undefined
  readonly notes: readonly string[]
}

async function baseAtRemote(
  { view, env }: PublishContext,
  remote: Remote,
  name: string,
): Promise<BaseAtRemote> {
  const { branch, baseCommit, root } = view.task.repository
  const tip = branch === undefined ? undefined : (await remote.branches([branch])).get(branch)
  if (branch === undefined || tip === undefined) return { branch: undefined, notes: [] }
  if (tip === baseCommit) return { branch, notes: [] }
  const isThere = view.task.onto !== undefined || (await isOnRemote(root, name, baseCommit, env))
  const note = isThere
    ? `${inlineCode(branch)} has moved since the base commit ${inlineCode(baseCommit.slice(0, 12))}: this was verified on the base commit. \`drydock follow-up ${view.id}\` verifies it on what is there now.`
    : `The base commit ${inlineCode(baseCommit.slice(0, 12))} is not in ${inlineCode(branch)} at the remote: this branch brings the commits below it along.`
  return { branch, notes: [note] }
}

interface Pushed {
  readonly branch: string
  readonly commit: string
}

/** Pushes, unless an earlier try already has. */
async function pushOnce(
  context: PublishContext,
  remote: Remote,
  name: string,
  { branch: wish, title }: Composed,
): Promise<Pushed> {
  const { view, emit } = context
  if (view.task.onto !== undefined)
    return pushOntoBranch(context, remote, name, (parents) => build(context, title, parents))
  const taken = await remote.branches([`${wish}*`])
  if (view.branch !== null && view.commit !== null && taken.get(view.branch) === view.commit) {
    return { branch: view.branch, commit: view.commit }
  }
  // A runner that died between the push and its event: the remote knows.
  if (view.pushing !== undefined && taken.get(view.pushing.branch) === view.pushing.commit) {
    emit({ type: 'branch.pushed', remote: name, ...view.pushing })
    return view.pushing
  }
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
