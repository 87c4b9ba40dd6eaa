import { minimisedLine } from '../../contract/minimised.ts'
import type { Minimised } from '../../contract/patch.ts'
import type { Warning } from '../../contract/verdict.ts'
import { type Dropped, dropHunks } from '../patch/drop.ts'
import { readSections, type Section } from '../patch/sections.ts'
import type { Run } from '../run.ts'
import { matrix } from '../verify/matrix.ts'
import { type Changeable, type Minimised as Found, minimise } from '../verify/minimise.ts'
import { withNames } from './baseline.ts'
import type { Candidate } from './candidate.ts'
import { checkAside } from './check.ts'
import { inStage } from './inStage.ts'
import type { Work } from './start.ts'

/** Hunks beyond which a person reads the change as a whole anyway. */
const mostHunks = 24

/** What the agent changed and no package manager wrote: manifests and lock files go with the update. */
async function changeable({ run, start }: Work, { tree, patch }: Candidate): Promise<readonly Changeable[]> {
  const { written, deleted } = await run.repository.changes(start.tree, tree)
  const own = new Set([...written.map(({ path }) => path), ...deleted])
  const left = new Set(
    patch.files.filter(({ role }) => role === 'manifest' || role === 'lockfile').map(({ path }) => path),
  )
  return readSections(patch.text)
    .filter(({ path }) => own.has(path) && !left.has(path) && !start.asked.includes(path))
    .map(({ path, status, hunks }) => ({ path, hunks: status === 'modified' ? hunks.length : 0 }))
}

function placeOf(sections: readonly Section[], { path, hunk }: Dropped): string {
  const found = hunk === undefined ? undefined : sections.find((one) => one.path === path)?.hunks[hunk]
  if (found === undefined) return path
  const [first = found.newStart, last = first] = changedLines(found)
  return first === last ? `line ${first} of ${path}` : `lines ${first} to ${last} of ${path}`
}

/** First and last line that the hunk adds, without what is only around it; where it only removes, the line after that. */
function changedLines({ newStart, lines }: Section['hunks'][number]): readonly number[] {
  const places: number[] = []
  const removed: number[] = []
  let at = newStart
  for (const line of lines) {
    if (line.startsWith('+')) places.push(at)
    if (line.startsWith('-')) removed.push(at)
    if (!line.startsWith('-') && !line.startsWith('\\')) at += 1
  }
  const found = places.length > 0 ? places : removed
  return found.length === 0 ? [] : [Math.min(...found), Math.max(...found)]
}

function noticeOf(sections: readonly Section[], one: Dropped): Warning {
  const { path, hunk } = one
  return {
    code: `unneeded:${path}${hunk === undefined ? '' : `#${hunk}`}`,
    message: `The checks pass as well without the change to ${placeOf(sections, one)}.`,
    path,
    severity: 'notice',
  }
}

function listed({ unneeded, checks, complete }: Found): Minimised {
  const parts = unneeded.map(({ path, hunk }) => ({ path, ...(hunk === undefined ? {} : { hunk }) }))
  return { unneeded: parts, checks, complete }
}

/**
 * Names the parts of a repair without which the checks of an update stay as green, for the judge and the person; the
 * change itself stays as it is.
 */
export async function minimiseCandidate(work: Work, candidate: Candidate): Promise<Candidate> {
  const { run, base, start } = work
  const { minimiseMs, minimiseChecks } = base.settings
  if (
    run.task.kind !== 'dependency-update' ||
    !candidate.matrix.green ||
    minimiseMs === 0 ||
    minimiseChecks === 0
  )
    return candidate
  const files = await changeable(work, candidate)
  const { patch } = candidate
  // No more than the verification itself took, whatever time is allowed.
  const milliseconds = Math.min(minimiseMs, candidate.checkedInMs ?? minimiseMs)
  const limits = { checks: minimiseChecks, milliseconds, hunks: mostHunks }
  const found = await inStage(
    run,
    { stage: 'verify', role: 'minimise' },
    (progress) =>
      minimise(
        files,
        async (dropped, until) => {
          progress('looking for parts that are not needed')
          const rest = dropHunks(patch, dropped)
          const tree = await run.repository.apply(base.snapshot.tree, rest.text)
          const wish = { role: 'dropped' as const, prepared: candidate.prepared, tree }
          const report = await inTime(run, until, (run) =>
            checkAside(run, base, { ...wish, scripts: 'patched' }, progress),
          )
          if (report === undefined) return undefined
          const runs = { base: start.base, update: start.update, repair: report }
          return matrix(await withNames(run, base, runs)).green
        },
        limits,
        () => performance.now(),
      ),
    (found) => ({ detail: minimisedLine(listed(found)) }),
  )
  run.log.emit({ type: 'patch.minimised', digest: patch.digest, ...listed(found) })
  const sections = readSections(patch.text)
  const notices = found.unneeded.map((one) => noticeOf(sections, one))
  return { ...candidate, warnings: [...candidate.warnings, ...notices] }
}

/** Longest that a timer can wait. */
const longestMs = 2 ** 31 - 1

/** Work that is given up where its time is over; undefined then. */
async function inTime<T>(
  run: Run,
  milliseconds: number,
  work: (run: Run) => Promise<T>,
): Promise<T | undefined> {
  const deadline = AbortSignal.timeout(Math.min(longestMs, Math.max(1, Math.ceil(milliseconds))))
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, deadline]) })
  } catch (error) {
    if (!deadline.aborted || run.signal.aborted) throw error
    return undefined
  }
}
