import { asMade } from '../../contract/asMade.ts'
import type { Event } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import type { Report } from '../../contract/report.ts'
import { keptInDrop } from '../../contract/states/ofUpdate.ts'
import type { HeldSession } from '../../store/session.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import { type Dropped, dropHunks } from '../patch/drop.ts'
import { readPatch } from '../patch/read.ts'
import type { Run } from '../run.ts'
import { askJudge } from './askJudge.ts'
import { type Candidate, makeChangeCandidate, raise } from './candidate.ts'
import { installUpdate } from './installUpdate.ts'
import { withPeersOf } from './makeUpdate.ts'
import { remember } from './measure.ts'
import { moveToToolsOf } from './newerTools.ts'
import { type Packaged, packageBase } from './packageBase.ts'
import { baseWish, prepareTree } from './prepareTree.ts'
import type { Start } from './start.ts'

/** What a reviewer leaves out, and of which of the session's patches. */
export interface Drop {
  readonly digest: string
  readonly dropped: readonly Dropped[]
}

/** A part as `drydock drop` takes it. */
export function partName({ path, hunk }: Dropped): string {
  return hunk === undefined ? path : `${path}:${hunk + 1}`
}

/** The patch on show without the dropped parts. Throws `dirty-not-committed`, `approval-void`, `patch-refused`. */
export async function remaining({ task, log, view }: HeldSession, drop: Drop): Promise<Patch> {
  const { baseCommit, includeUncommitted } = task.repository
  if (includeUncommitted) throw failures.dirtyNotCommitted()
  if (view().patch?.digest !== drop.digest) throw failures.approvalVoid('the session has no such patch')
  const text = await log.artifacts.get(drop.digest)
  const written = drop.dropped.find(({ path }) => keptInDrop(view(), path) === 'written')
  if (written !== undefined) throw failures.writtenAgain(written.path)
  const rest = dropHunks(readPatch(text.toString('utf8'), baseCommit), drop.dropped)
  const left = new Set(rest.files.map(({ path }) => path))
  const own = drop.dropped.find(({ path }) => !left.has(path) && keptInDrop(view(), path) === 'update')
  if (own !== undefined) throw failures.keepsUpdate(own.path)
  return rest
}

/**
 * Verifies and judges what remains of a patch without the dropped hunks, against the session's own first two runs.
 * The new patch stands in the log before its checks: until they pass it cannot be approved.
 */
export async function runDrop(run: Run, log: readonly Event[], patch: Patch): Promise<void> {
  const events = asMade(log)
  const base = await moveToToolsOf(run, await packageBase(run), events)
  const work = { run, base, start: await startAgain(run, base, events) }
  const tree = await run.repository.apply(base.snapshot.tree, patch.text)
  const candidate = await makeChangeCandidate(work, tree, { role: 'dropped' })
  await askJudge(work, objected(run, candidate), raise(run, candidate.warnings))
}

/** What speaks against a change under the base's tests makes it as red as a failing test. */
function objected(run: Run, candidate: Candidate): Candidate {
  const { objections, matrix } = candidate
  if (!matrix.green || objections.length === 0) return candidate
  const red = { ...matrix, green: false, reasons: [...matrix.reasons, ...objections] }
  run.log.emit({ type: 'matrix.made', matrix: red })
  return { ...candidate, matrix: red }
}

type Patched = Extract<Event, { type: 'patch.made' }>

function patchMade(
  events: readonly Event[],
  wanted: (patch: Patched['patch'], source: Patched['source']) => boolean,
): Patched['patch'] | undefined {
  const made = events.filter((event) => event.type === 'patch.made')
  return made.findLast(({ patch, source }) => wanted(patch, source))?.patch
}

/** Where the session's own work started from, out of its log: no version is looked up a second time. */
export async function startAgain(run: Run, base: Packaged, events: readonly Event[]): Promise<Start> {
  const report = (role: Report['role']): Report | undefined =>
    events.filter((event) => event.type === 'report.made').findLast((event) => event.report.role === role)
      ?.report
  const update = patchMade(events, (_, source) => source === 'update')
  const before = report('base')
  if (before === undefined) throw failures.notVerified(['The base was never checked.'])
  remember(base, before)
  const { project, snapshot } = base
  const tree =
    update === undefined
      ? snapshot.tree
      : await run.repository.apply(
          snapshot.tree,
          (await run.log.artifacts.get(update.digest)).toString('utf8'),
        )
  // Where the base's lock files were written here, or had to be helped, the rest starts from what became of them.
  const isResolved = makesLocks(project)
  const from = isResolved || wasHelped(events) ? await prepareTree(run, base, baseWish(base)) : undefined
  const { prepared, broken } = await installUpdate(run, base, {
    ...{ role: 'update', tree, project: withPeersOf(project, from) },
    ...(isResolved ? { locks: from?.locks ?? [], refreshLocks: true } : {}),
  })
  const helped = {
    notices: [...base.notices, ...(from?.notices ?? [])],
    ...(from === undefined ? {} : { baseTree: from.tree, baseLocks: from.locks }),
  }
  const asked = update?.files.map(({ path }) => path) ?? []
  const bare = broken === undefined ? {} : { isBare: true as const }
  return { tree, prepared, ...bare, base: before, update: report('update') ?? before, asked, ...helped }
}

function wasHelped(events: readonly Event[]): boolean {
  return events.some(
    (event) =>
      event.type === 'warning.raised' && /^(lock-out-of-step|legacy-peers):/.test(event.warning.code),
  )
}
