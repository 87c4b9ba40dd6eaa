import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Failure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { Campaign } from '../../../contract/fleet/campaign.ts'
import type { CampaignEventBody, Job } from '../../../contract/fleet/events.ts'
import { sessionUsd } from '../../../contract/fleet/spending.ts'
import type { JobState } from '../../../contract/fleet/state.ts'
import { isProven } from '../../../contract/proof.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { Settings } from '../../../contract/settings.ts'
import type { Task } from '../../../contract/task.ts'
import type { CampaignLog } from '../../../store/campaign.ts'
import { newSessionId, sessionFolder } from '../../../store/home.ts'
import { isAlive } from '../../../store/lock.ts'
import { followEvents } from '../../../store/read.ts'
import { readSession, recover } from '../../../store/session.ts'
import { failureOf } from '../../ending.ts'
import { fetchInto } from '../../fleet/remoteHead.ts'
import { runSession } from '../../session.ts'
import { type CommandContext, runnerName } from '../context.ts'
import { newUpdate, taskOf, withCodemod } from '../newTask.ts'

/** Whoever runs jobs, as others see it. */
export function workerName(): string {
  return `${hostname()}:${process.pid}`
}

export interface JobHands {
  readonly log: CampaignLog
  readonly campaign: Campaign
  readonly worker: string
  /** Whether what ended by a signal was to end; else another worker begins it again. */
  readonly cancelled?: () => Promise<boolean>
}

/** Runs a job's session to its end and writes what came of it. */
export async function runJob(
  context: CommandContext,
  { log, campaign, worker, cancelled = async () => true }: JobHands,
  one: JobState,
): Promise<void> {
  const { job, sessions } = one
  if (one.returns > campaign.limits.restarts) return await log.append(gaveUp(one))
  const turn = sessions.length + 1
  let task: Task
  try {
    task = await taskFor(context, campaign, job)
  } catch (error) {
    context.signal.throwIfAborted()
    return await log.append(notStarted(job, turn, failureOf(error, dirname(context.sessions))))
  }
  await log.append({ type: 'job.started', key: job.key, session: task.id, worker, turn })
  try {
    const view = await runSession(context, task, () => {})
    const goesBack = context.signal.aborted && view.outcome === 'cancelled' && !(await cancelled())
    await log.append(goesBack ? returnedBy(job, turn, view) : endOf(job, turn, view))
  } catch (error) {
    // It could not even be begun: a full disk, a home that cannot be written.
    await log.append(notStarted(job, turn, failureOf(error, dirname(context.sessions))))
  }
}

/**
 * Looks at the session of a worker that wrote no end of its job: what ended counts, what is alive on this machine is
 * waited for, and what died is to be begun again. Of one on another machine the whole budget counts as spent.
 */
export async function settleJob(
  context: CommandContext,
  { log, campaign }: JobHands,
  { job, status, session, sessions }: JobState,
): Promise<void> {
  if (status !== 'running' || session === null) return
  const turn = sessions.length
  const left = await leftBehind(context, session)
  if (left === undefined) {
    const reason = 'Its worker is gone, and its session is not on this machine.'
    const costUsd = sessionUsd(campaign)
    return await log.append({ type: 'job.returned', key: job.key, session, turn, reason, costUsd })
  }
  const died = ['interrupted', 'cancelled'].includes(left.outcome ?? 'interrupted')
  await log.append(died ? returnedBy(job, turn, left) : endOf(job, turn, left))
}

async function leftBehind(context: CommandContext, session: string): Promise<SessionView | undefined> {
  const folder = sessionFolder(context.sessions, session)
  if (await isAlive(folder).catch(() => false)) await endOfLive(context, folder)
  else await recover(context.sessions, session, runnerName(context)).catch(() => undefined)
  return await readSession(context.sessions, session).catch(() => undefined)
}

/** Waits until whoever holds the session writes its end or is gone. */
async function endOfLive({ signal }: CommandContext, folder: string): Promise<void> {
  const stop = new AbortController()
  const watch = setInterval(() => void isAlive(folder).then((alive) => alive || stop.abort()), 1000)
  try {
    for await (const event of followEvents(folder, { signal: AbortSignal.any([signal, stop.signal]) }))
      if (event.type === 'session.finished') return
    signal.throwIfAborted()
  } finally {
    clearInterval(watch)
  }
}

async function taskFor(context: CommandContext, campaign: Campaign, job: Job): Promise<Task> {
  const root = await rootOf(context, job)
  const folder = job.folder === undefined ? root : join(root, job.folder)
  const settings = Settings.parse({
    ...campaign.settings,
    maxConcurrentSessions: Math.max(
      campaign.settings.maxConcurrentSessions ?? 2,
      campaign.limits.concurrency,
    ),
  })
  const task =
    campaign.update === undefined
      ? await changeOf(context, campaign, folder)
      : await updateOf(context, campaign, job, folder)
  const repository = { ...task.repository, baseCommit: job.baseCommit }
  return { ...task, id: newSessionId(context.now()), repository, settings }
}

async function updateOf(
  context: CommandContext,
  { update = '', codemod }: Campaign,
  job: Job,
  folder: string,
): Promise<Task> {
  const { task } = await newUpdate(context, update, { repo: folder, ...manifestOf(job) })
  return typeof codemod === 'object' ? withCodemod(task, codemod) : task
}

function manifestOf({ manifest }: Job): { readonly manifest?: string } {
  return manifest === undefined ? {} : { manifest }
}

function changeOf(context: CommandContext, { change }: Campaign, root: string): Promise<Task> {
  if (change === undefined) throw failures.internal('The campaign has no task.')
  return taskOf(context, {
    do: 'change',
    repository: { root, includeUncommitted: false },
    settings: {},
    ...change,
  })
}

/** The folder that a session starts from; one with an address gets a clone that is kept. */
export async function rootOf(
  context: CommandContext,
  { place, repository, baseCommit }: Job,
): Promise<string> {
  if ('path' in place) return place.path
  const hash = createHash('sha256').update(place.url).digest('hex').slice(0, 8)
  const name = `${repository.replaceAll(/[^\w.-]+/g, '+')}-${hash}`
  const folder = join(dirname(context.sessions), 'clones', name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await fetchInto(folder, place.url, baseCommit, context)
  return folder
}

/** How a session's end stands in the campaign's log. */
export function endOf({ key }: Job, turn: number, view: SessionView): CampaignEventBody {
  const outcome = view.outcome ?? 'interrupted'
  return {
    ...{ type: 'job.ended', key, session: view.id, turn, outcome, costUsd: view.costUsd },
    ...(view.matrix === null ? {} : { proven: isProven(view.matrix) }),
    reason: view.reason ?? '',
    ...(view.failure === null ? {} : { failure: view.failure }),
  }
}

/** What a session cost that is begun again: it ends nothing. */
function returnedBy({ key }: Job, turn: number, view: SessionView): CampaignEventBody {
  return {
    type: 'job.returned',
    key,
    session: view.id,
    turn,
    reason: view.reason ?? '',
    costUsd: view.costUsd,
  }
}

function notStarted({ key }: Job, turn: number, failure: Failure): CampaignEventBody {
  return {
    ...{ type: 'job.ended', key, turn, outcome: 'not-started', reason: failure.message, failure, costUsd: 0 },
  }
}

function gaveUp({ job, sessions, returns }: JobState): CampaignEventBody {
  const reason = `Its worker died ${returns} times.`
  return { type: 'job.ended', key: job.key, turn: sessions.length, outcome: 'gave-up', reason, costUsd: 0 }
}
