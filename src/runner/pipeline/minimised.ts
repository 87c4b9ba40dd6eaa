import type { Warning } from '../../contract/verdict.ts'
import { type Dropped, dropHunks } from '../patch/drop.ts'
import { readSections, type Section } from '../patch/sections.ts'
import type { Run } from '../run.ts'
import { matrix } from '../verify/matrix.ts'
import { type Changeable, minimise } from '../verify/minimise.ts'
import { withNames } from './baseline.ts'
import type { Candidate, Start } from './candidate.ts'
import { checkedAside } from './check.ts'
import { inStage, type Packaged } from './stages.ts'

/** Hunks beyond which a person reads the change as a whole anyway. */
const mostHunks = 24

/** What the agent changed and no package manager wrote: manifests and lock files go with the update. */
async function changeable(
  run: Run,
  start: Start,
  { tree, patch }: Candidate,
): Promise<readonly Changeable[]> {
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
  const last = found.newStart + Math.max(found.newLines, 1) - 1
  return `lines ${found.newStart} to ${last} of ${path}`
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

/**
 * Names the parts of a repair without which the checks of an update stay as green, for the judge and the person; the
 * change itself stays as it is.
 */
export async function minimised(
  run: Run,
  base: Packaged,
  start: Start,
  candidate: Candidate,
): Promise<Candidate> {
  const { minimiseMs, minimiseChecks } = base.settings
  if (
    run.task.kind !== 'dependency-update' ||
    !candidate.matrix.green ||
    minimiseMs === 0 ||
    minimiseChecks === 0
  )
    return candidate
  const files = await changeable(run, start, candidate)
  const { patch } = candidate
  const limits = { checks: minimiseChecks, milliseconds: minimiseMs, hunks: mostHunks }
  const found = await inStage(
    run,
    { stage: 'verify', role: 'dropped' },
    (progress) =>
      minimise(
        files,
        async (dropped) => {
          progress('looking for parts that are not needed')
          const rest = dropHunks(patch, dropped)
          const tree = await run.repository.apply(base.snapshot.tree, rest.text)
          const wish = { role: 'dropped' as const, prepared: candidate.prepared, tree }
          const report = await checkedAside(run, base, { ...wish, scripts: 'patched' }, progress)
          const runs = { base: start.base, update: start.update, repair: report }
          return matrix(await withNames(run, base, runs)).green
        },
        limits,
        () => performance.now(),
      ),
    ({ unneeded, checks }) => ({
      detail: `${unneeded.length} parts of the repair are not needed, ${checks} checks`,
    }),
  )
  const unneeded = found.unneeded.map(({ path, hunk }) => ({ path, ...(hunk === undefined ? {} : { hunk }) }))
  const { checks, complete } = found
  run.log.emit({ type: 'patch.minimised', digest: patch.digest, unneeded, checks, complete })
  const sections = readSections(patch.text)
  const notices = found.unneeded.map((one) => noticeOf(sections, one))
  return { ...candidate, warnings: [...candidate.warnings, ...notices] }
}
