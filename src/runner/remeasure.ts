import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../contract/events.ts'
import type { EvidenceRecord } from '../contract/evidence.ts'
import { failures } from '../contract/failures.ts'
import type { Settings } from '../contract/settings.ts'
import type { Task } from '../contract/task.ts'
import { newSessionId } from '../store/home.ts'
import { createSession } from '../store/session.ts'
import type { CommandContext } from './commands/context.ts'
import { runnerName } from './commands/context.ts'
import type { Remeasured } from './evidence/compare.ts'
import { locksOf } from './evidence/gather.ts'
import { withSource } from './evidence/source.ts'
import type { Bundle } from './evidence/value.ts'
import { remeasureBundle } from './pipeline/remeasure.ts'
import { scratchFolder } from './scratch.ts'
import { inSlot, work } from './session.ts'

export interface RemeasureOptions {
  /** A folder in a repository, or an address of one. */
  readonly place: string
  readonly settings: Settings
  readonly onEvent: (event: Event) => void
}

export interface Remeasurement extends Remeasured {
  readonly locks: EvidenceRecord['locks']
}

/**
 * Makes a bundle's runs again on this machine, in a session of its own that nobody else sees and of which nothing is
 * kept. No model is asked.
 */
export async function remeasure(
  context: CommandContext,
  bundle: Bundle,
  { place, settings, onEvent }: RemeasureOptions,
): Promise<Remeasurement> {
  const { record } = bundle
  if (record.repository.includeUncommitted)
    throw failures.notReproducible('uncommitted work was part of what it is about')
  const scratch = await scratchFolder('again')
  const { baseCommit: commit, url } = record.repository
  const where = { place, commit, url, env: context.env, cwd: context.cwd, signal: context.signal }
  try {
    return await withSource({ ...where, scratch: join(scratch, 'source') }, (root) =>
      inOwnSession(context, scratch, taskOf(context, record, root, settings), bundle, onEvent),
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function inOwnSession(
  context: CommandContext,
  scratch: string,
  task: Task,
  bundle: Bundle,
  onEvent: (event: Event) => void,
): Promise<Remeasurement> {
  const cancel = new AbortController()
  const signal = AbortSignal.any([context.signal, cancel.signal])
  const abort = (failure: Error): void => cancel.abort(failure)
  const held = await createSession(join(scratch, 'sessions'), task, runnerName(context), {
    onEvent,
    onFailure: abort,
    control: { cancel: () => cancel.abort(failures.cancelled()), isCancelling: () => signal.aborted },
  })
  try {
    return await inSlot(context, held, signal, () =>
      work(context, held, { signal, abort }, {}, async (run) => {
        const locks = await locksOf(run.repository, bundle.record.patch, bundle.patch)
        return { ...(await remeasureBundle(run, bundle)), locks }
      }),
    )
  } finally {
    await held.release()
  }
}

/** The session's task in a repository of this machine; what a bundle says decides no limit and names no host. */
function taskOf(context: CommandContext, record: EvidenceRecord, root: string, settings: Settings): Task {
  const { baseCommit, folder } = record.repository
  const repository = {
    ...{ root, baseCommit, includeUncommitted: false },
    ...(folder === undefined ? {} : { folder }),
  }
  const common = {
    v: 1 as const,
    id: newSessionId(context.now()),
    repository,
    settings,
    fresh: true as const,
  }
  const { task } = record
  return task.kind === 'dependency-update' ? { ...common, ...task } : { ...common, ...task }
}
