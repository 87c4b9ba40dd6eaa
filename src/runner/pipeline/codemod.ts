import { createHash } from 'node:crypto'
import type { Codemod, CodemodResult } from '../../contract/codemod.ts'
import { DrydockError } from '../../contract/failure.ts'
import type { Patch } from '../../contract/patch.ts'
import type { Report } from '../../contract/report.ts'
import { bounded } from '../../contract/text.ts'
import { type Applied, applyCodemod } from '../codemod/apply.ts'
import { holds } from '../verify/matrix.ts'
import { type Candidate, makeChangeCandidate, patchOf } from './candidate.ts'
import { inStage } from './inStage.ts'
import { recordPatch } from './patches.ts'
import type { Start, Work } from './start.ts'

/** What a codemod came to here. */
export interface Tried {
  readonly codemod: Codemod
  readonly result: CodemodResult
  readonly files: number
  readonly detail?: string
  /** What it made, checked as every repair is; missing where it made nothing. */
  readonly candidate?: Candidate
}

/**
 * A repair from elsewhere, made here before any agent is asked, and checked as the agent's would be. It costs no model
 * anything. Whatever goes wrong with it is a value: then the agent is asked as if there were none.
 */
export async function repairByCodemod(work: Work, codemod: Codemod): Promise<Tried> {
  const { run } = work
  const started = performance.now()
  const { title, from } = codemod
  const tried = await tryCodemod(work, codemod)
  const { result, files, detail } = tried
  run.log.emit({
    ...{ type: 'codemod.tried', digest: codemodDigest(codemod), title, result, files },
    ...(from === undefined ? {} : { from: from.session }),
    ...(detail === undefined ? {} : { detail: bounded(detail, 1_000) }),
    durationMs: performance.now() - started,
  })
  if (result === 'worse') await withoutIt(work)
  return tried
}

/** What made something worse is not left on show: the session stands where the update alone left it. */
async function withoutIt({ run, base, start: { tree, found } }: Work): Promise<void> {
  await recordPatch(run, 'update', await patchOf(run, base, tree))
  if (found !== undefined) run.log.emit({ type: 'matrix.made', matrix: found })
}

export function codemodDigest({ kind, files, text }: Codemod): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, files, text]))
    .digest('hex')
}

async function tryCodemod(work: Work, codemod: Codemod): Promise<Tried> {
  const { run, base, start } = work
  const made = await inStage(
    run,
    { stage: 'codemod' },
    (progress) =>
      applyCodemod({ ...run, progress }, codemod, start.tree, base.project.config.testPaths ?? []),
    (made) => ({ detail: outlineOf(made) }),
  )
  if ('why' in made) return { codemod, result: 'failed', files: 0, detail: made.why }
  const { changed, detail } = made
  const told = detail === undefined ? {} : { detail }
  const files = changed.length
  if (files === 0) return { codemod, result: 'nothing', files, ...told }
  try {
    const candidate = await makeChangeCandidate(work, made.tree, { role: 'repair' })
    return { codemod, files, candidate, ...resultOf(start, candidate, told) }
  } catch (error) {
    if (!(error instanceof DrydockError) || error.failure.code !== 'patch-refused') throw error
    return { codemod, result: 'failed', files: 0, detail: error.failure.message }
  }
}

function outlineOf(made: Applied): string {
  if ('why' in made) return made.why
  const { length } = made.changed
  return length === 0 ? 'nothing to change' : `${length} ${length === 1 ? 'file' : 'files'} changed`
}

/** What a codemod's change came to, by its runs beside the base's and the update's. */
export function resultOf(
  start: Pick<Start, 'base' | 'update'>,
  { matrix, objections, report, patch }: Pick<Candidate, 'matrix' | 'objections' | 'report' | 'patch'>,
  told: Pick<Tried, 'detail'>,
): Pick<Tried, 'result' | 'detail'> {
  if (holds(matrix) && objections.length === 0) return { result: 'covered', ...told }
  const lost = passedBefore(start.update, report)
  if (lost !== undefined) return { result: 'worse', detail: `${lost} does not pass any more` }
  const gone = leftOut(start.base, patch, report)
  if (gone > 0)
    return {
      result: 'worse',
      detail: `${gone} ${gone === 1 ? 'test' : 'tests'} of files that it changed did not run`,
    }
  const why = [...objections, ...matrix.reasons].join(' ')
  return { result: 'partly', ...(why === '' ? told : { detail: why }) }
}

/** Tests of the base in files that a change touches, and that nobody ran with it: no agent is to start from that. */
function leftOut(base: Report, { files }: Patch, { tests }: Report): number {
  const touched = new Set(files.filter(({ role }) => role === 'test').map(({ path }) => path))
  if (touched.size === 0) return 0
  const ran = new Set(tests.map(({ id }) => id))
  return base.tests.filter(
    ({ id, file, outcome }) =>
      outcome === 'passed' && !ran.has(id) && (file === undefined || touched.has(file)),
  ).length
}

/** A test or a command that passes with the update alone and not with the codemod's change. */
function passedBefore(update: Report, after: Report): string | undefined {
  const passing = new Set(after.tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
  const test = update.tests.find(({ id, outcome }) => outcome === 'passed' && !passing.has(id))
  if (test !== undefined) return test.id
  const ends = new Map(after.steps.map(({ command, exitCode }) => [command, exitCode]))
  return update.steps.find(({ command, exitCode }) => exitCode === 0 && ends.get(command) !== 0)?.command
}
