import type { Account } from '../../contract/account.ts'
import type { PatchSource } from '../../contract/events.ts'
import type { Patch } from '../../contract/patch.ts'
import type { Matrix, Report } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import { integrityRules } from '../ecosystems/index.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { loadEvidence } from '../integrity/change.ts'
import { integrityWarnings, matrixWarnings } from '../integrity/integrity.ts'
import { readPatch } from '../patch/read.ts'
import { roleOf } from '../patch/roles.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { holds, matrix } from '../verify/matrix.ts'
import { checkArrivalAfter, withoutOwnPins } from './arrival.ts'
import { withNames } from './baseline.ts'
import { checkTree, flakyTests } from './check.ts'
import { withPeersOf } from './makeUpdate.ts'
import type { Packaged } from './packageBase.ts'
import { pathWarnings, recordPatch } from './patches.ts'
import { prepareTree } from './prepareTree.ts'
import { checkWithBaseTests } from './secondCheck.ts'
import { placeWithPackages, type Work } from './start.ts'
import { tellMoves } from './why.ts'

/** A change against the base commit, checked in a clean container. */
export interface Candidate {
  readonly tree: string
  readonly patch: Patch
  /** Where it was checked. */
  readonly prepared: Prepared
  readonly report: Report
  readonly matrix: Matrix
  /** What a rule has against it although the matrix is green. */
  readonly objections: readonly string[]
  /** What the base's tests, configuration and scripts say where they fail on it, for an attempt that comes after. */
  readonly baseSays: readonly string[]
  readonly warnings: readonly Warning[]
  /** How long its checks took as a whole. */
  readonly checkedInMs?: number
  /** What the agent said of its attempts; missing where none was needed. */
  readonly accounts?: readonly Account[]
}

/** Whose change it is: an attempt of the agent's, a codemod's, which is none, or what a reviewer left of one. */
export type Maker = { readonly role: 'repair'; readonly attempt?: number } | { readonly role: 'dropped' }

/** A tree whose lock files follow from its manifests, and the workspace to check it in. */
interface Settled {
  readonly tree: string
  readonly prepared: Prepared
  readonly warnings: readonly Warning[]
}

/** The update as the package manager made it, before any agent: the second run of the matrix. */
export async function makeUpdateCandidate(work: Work, patch: Patch): Promise<Candidate> {
  const { run, base, start } = work
  const reports = { base: start.base, update: start.update }
  const flaky = await flakyTests(run, base, reports, { role: 'update', prepared: start.prepared })
  const found = matrix(await withNames(run, base, { ...reports, flaky }))
  run.log.emit({ type: 'matrix.made', matrix: found })
  const warnings = await warningsOf(work, { tree: start.tree, patch, matrix: found })
  const { tree } = start
  return {
    tree,
    patch,
    prepared: start.prepared,
    report: start.update,
    matrix: found,
    objections: [],
    baseSays: [],
    warnings: [...start.prepared.warnings, ...warnings],
  }
}

/** The patch between the base and a tree, read by policy. Throws `patch-refused`. */
export async function patchOf(run: Run, base: Packaged, tree: string): Promise<Patch> {
  const { baseCommit } = run.task.repository
  const { text } = await run.repository.diff(baseCommit, base.snapshot.tree, tree)
  return readPatch(text, baseCommit)
}

/**
 * Lets the package manager write the lock files again where the agent edited manifests; its own lock-file hunks
 * never count.
 */
export async function settleChange({ run, base, start }: Work, tree: string, by: Maker): Promise<Settled> {
  const { repository } = run
  const { written, deleted } = await repository.changes(start.tree, tree)
  const touched = [...written.map(({ path }) => path), ...deleted]
  const locks = [base, ...base.besides].flatMap(({ project }) => project.locks.map(({ path }) => path))
  const edited = locks
    .filter((path) => touched.includes(path))
    .map(async (path) => [path, (await repository.read(start.tree, path)) ?? null] as const)
  const clean =
    edited.length === 0 ? tree : await repository.withFiles(tree, new Map(await Promise.all(edited)))
  const manifests = touched.filter(
    (path) => roleOf(path) === 'manifest' || base.ecosystem.decides?.(path) === true,
  )
  if (manifests.length === 0 && start.isBare !== true)
    return { tree: clean, prepared: start.prepared, warnings: [] }
  const bytes = manifests.map(async (path) => [path, (await repository.read(clean, path)) ?? null] as const)
  const withManifests = await repository.withFiles(start.tree, new Map(await Promise.all(bytes)))
  const found = (await base.ecosystem.detect(await treeView(repository, withManifests))) ?? base.project
  // What is compared runs on the same tool chain, whatever the new manifests point to, and says so.
  const { image, toolchain } = base.project
  const project = { ...found, image, ...(toolchain === undefined ? {} : { toolchain }) }
  const made = await prepareTree(run, base, {
    ...by,
    tree: withManifests,
    project: withPeersOf(project, start.prepared),
    locks: start.prepared.locks,
    refreshLocks: true,
    seed: placeWithPackages({ base, start }).workspace,
  })
  if (base.project.locks.length === 0) return { tree: clean, prepared: made, warnings: made.warnings }
  const final = await repository.withFiles(clean, await writtenBetween(run, withManifests, made.tree))
  return { tree: final, prepared: made, warnings: made.warnings }
}

/** What the package manager wrote into a tree: the lock files, and what the repository keeps beside them. */
async function writtenBetween(
  { repository }: Run,
  before: string,
  after: string,
): Promise<ReadonlyMap<string, Buffer | null>> {
  const { written: changed, deleted } = await repository.changes(before, after)
  const files = new Map<string, Buffer | null>(deleted.map((path) => [path, null]))
  for (const { path } of changed) files.set(path, (await repository.read(after, path)) ?? null)
  return files
}

/** The final check of a change: as it is, and with the base's tests and configuration laid over it. */
export async function makeChangeCandidate(work: Work, changed: string, by: Maker): Promise<Candidate> {
  const { run, base, start } = work
  await patchOf(run, base, changed)
  const { tree, prepared, warnings: installed } = await settleChange(work, changed, by)
  const patch = await patchOf(run, base, tree)
  await recordPatch(run, sourceOf(by), patch)
  if (run.task.kind === 'dependency-update') await tellMoves(work, prepared)
  const wish = { ...by, prepared, tree }
  const started = performance.now()
  const report = await checkTree(run, base, { ...wish, scripts: 'patched' })
  const checkedInMs = performance.now() - started
  const reports = { base: start.base, update: start.update, repair: report }
  const flaky = await flakyTests(run, base, reports, { ...wish, scripts: 'patched' })
  const touchesTests = patch.files.some(({ role }) => role === 'test')
  const found = matrix(await withNames(run, base, { ...reports, flaky, touchesTests }))
  run.log.emit({ type: 'matrix.made', matrix: found })
  const unsteady = new Set([...flaky, ...(found.unstable ?? []), ...(start.base.flaky ?? [])])
  const passing = { tree, patch, prepared, report, flaky: unsteady }
  const attempt = by.role === 'repair' && by.attempt !== undefined ? { attempt: by.attempt } : {}
  const second = holds(found) ? await checkWithBaseTests(work, { ...passing, ...attempt }) : undefined
  const kept = await checkArrivalAfter(work, { tree, patch, prepared })
  const warnings = await warningsOf(work, { tree, patch, matrix: found })
  return {
    tree,
    patch,
    prepared,
    report,
    matrix: found,
    checkedInMs,
    objections: kept.objections,
    baseSays: second?.failures ?? [],
    warnings: [...installed, ...warnings, ...kept.warnings, ...(second?.warnings ?? [])],
  }
}

function sourceOf(by: Maker): PatchSource {
  if (by.role === 'dropped') return 'reviewer'
  return by.attempt === undefined ? 'codemod' : 'repair'
}

async function warningsOf(
  { run, base, start }: Work,
  change: { readonly tree: string; readonly patch: Patch; readonly matrix: Matrix },
): Promise<readonly Warning[]> {
  const { tree, patch } = change
  const before = base.snapshot.tree
  const testPaths = base.project.config.testPaths ?? []
  const evidence = await loadEvidence(run.repository, { base: before, patched: tree }, patch, (path) =>
    roleOf(path, testPaths),
  )
  const [was, is] = await Promise.all([
    treeView(run.repository, start.baseTree ?? before),
    treeView(run.repository, tree),
  ])
  const rules = await integrityRules()
  // What the request itself wrote needs no look; what the agent made of it does.
  const { written } = await run.repository.changes(start.tree, tree)
  const edited = new Set(written.map(({ path }) => path).filter((path) => roleOf(path) !== 'lockfile'))
  const asked = start.asked.filter((path) => !edited.has(path))
  return [
    ...pathWarnings(base, patch, asked),
    ...(await withoutOwnPins(
      run,
      rules,
      { start: start.tree, changed: tree },
      integrityWarnings({ ...evidence, ...updatedOf(run) }, rules),
    )),
    ...matrixWarnings(change.matrix),
    ...(await base.ecosystem.explainLock(was, is, patch)),
    ...(start.notices ?? []),
  ]
}

function updatedOf({ task }: Run): { readonly updated?: string } {
  return task.kind === 'dependency-update' ? { updated: task.package } : {}
}

/** Tells the log of every warning once; the last word on a code wins. */
export function raise(run: Run, warnings: readonly Warning[]): readonly Warning[] {
  const unique = [...new Map(warnings.map((warning) => [warning.code, warning])).values()]
  for (const warning of unique) run.log.emit({ type: 'warning.raised', warning })
  return unique
}
