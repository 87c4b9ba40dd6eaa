import { posix } from 'node:path'
import { factsOf } from '../../contract/ecosystems/index.ts'
import { DrydockError } from '../../contract/failure.ts'
import type { Report } from '../../contract/report.ts'
import { notMeasured } from '../ecosystems/folder/besides.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { failedReport } from '../verify/workspace.ts'
import { inStage } from './inStage.ts'
import { type CheckWish, checkRefilling, makeVerifyRequest, measureSteadily } from './measure.ts'
import type { Packaged } from './packageBase.ts'
import { baseWish, installed, prepareWith } from './prepareTree.ts'

/** What stands beside a project, checked on the same tree; nothing where the wish is about other tests alone. */
export async function verifyBesides(
  run: Run,
  base: Packaged,
  wish: CheckWish & { readonly again?: true },
  progress: Progress,
): Promise<readonly Report[]> {
  const reports: Report[] = []
  for (const other of base.besides) {
    const scope = scopeBeside(other, wish)
    const said = saidOf(other, progress)
    const tree = wish.tree ?? wish.prepared.tree
    const place = scope === undefined ? undefined : await placeBeside(run, other, tree, said)
    if (scope === undefined || place === undefined) continue
    if ('setupError' in place) {
      reports.push(failedReport(wish.role, place.setupError))
      continue
    }
    const report = await checkRefilling(
      run,
      other,
      place,
      (prepared) =>
        measureSteadily(run, other, makeVerifyRequest(other, { ...wish, scope, tree, prepared }), said),
      ({ tree, locks, workspace: seed }) =>
        prepareWith(run, other, { ...baseWish(other), tree, locks, seed }, said),
    )
    if (wish.role === 'base' && report.clock !== undefined) other.known.clock = report.clock
    for (const { file } of report.tests) if (file !== undefined) other.known.files.add(file)
    reports.push(report)
  }
  return reports
}

/** Tests that are named are run by those who know them; a part of one build says nothing of another build. */
function scopeBeside({ known }: Packaged, { scope = {} }: CheckWish): CheckWish['scope'] {
  const { modules: _, testFiles, ...rest } = scope
  if (testFiles === undefined) return rest
  const own = testFiles.filter((file) => known.files.has(file))
  return own.length === 0 ? undefined : { ...rest, testFiles: own }
}

/** The tests of a wish that are not of a project beside it; undefined where none is left. */
export function scopeOfOwn({ besides }: Packaged, scope: CheckWish['scope']): CheckWish['scope'] {
  const own = scope?.testFiles?.filter((file) => !besides.some(({ known }) => known.files.has(file)))
  if (scope === undefined || own === undefined) return scope ?? {}
  return own.length === 0 ? undefined : { ...scope, testFiles: own }
}

/** The repository as it is, installed, with what stands beside the project; that it cannot be is told once. */
export function prepareBase(run: Run, base: Packaged): Promise<Prepared> {
  const wish = baseWish(base)
  return inStage(
    run,
    { stage: 'prepare', role: wish.role },
    async (progress) => {
      const prepared = await prepareWith(run, base, wish, progress)
      for (const other of base.besides) await ownPlace(run, other, saidOf(other, progress))
      return prepared
    },
    (value) => {
      const others = base.besides.flatMap(({ project, known }) =>
        known.prepared === undefined ? [] : [installed(known.prepared, project)],
      )
      return { cached: value.cached, detail: [installed(value, base.project), ...others].join('; ') }
    },
  )
}

async function ownPlace(run: Run, other: Packaged, progress: Progress): Promise<Prepared | undefined> {
  const { known } = other
  if (known.unmeasured !== undefined) return undefined
  try {
    known.prepared ??= await prepareWith(run, other, baseWish(other), progress)
    return known.prepared
  } catch (error) {
    if (run.signal.aborted || !isInstallFailure(error)) throw error
    known.unmeasured = error.failure.message
    const warning = notMeasured(other.ecosystem.id, other.project.manifests[0] ?? '', known.unmeasured)
    run.log.emit({ type: 'warning.raised', warning })
    return undefined
  }
}

/** What says something of the project; what says something of this machine ends the session. */
const installFailures: ReadonlySet<string> = new Set([
  ...['install-failed', 'integrity-mismatch', 'package-gone', 'registry-not-allowed', 'registry-unreachable'],
  ...['image-build-failed', 'unsupported-repository', 'timed-out', 'bad-config'],
])

function isInstallFailure(error: unknown): error is DrydockError {
  return error instanceof DrydockError && installFailures.has(error.failure.code)
}

/** The base's own workspace serves every tree that leaves alone what decides its packages. */
async function placeBeside(
  run: Run,
  other: Packaged,
  tree: string,
  progress: Progress,
): Promise<Prepared | { readonly setupError: string } | undefined> {
  const own = await ownPlace(run, other, progress)
  if (own === undefined) return undefined
  const { written, deleted } = await run.repository.changes(own.tree, tree)
  const paths = [...written.map(({ path }) => path), ...deleted]
  if (!paths.some((path) => decidesPackages(other, path))) return own
  try {
    return await prepareWith(run, other, { ...baseWish(other), tree, seed: own.workspace }, progress)
  } catch (error) {
    // What could be installed before can no longer be: the change is at fault.
    if (run.signal.aborted || !isInstallFailure(error)) throw error
    return { setupError: `${error.failure.message} ${error.failure.next}` }
  }
}

function decidesPackages({ ecosystem, project }: Packaged, path: string): boolean {
  const { manifest, manifests, lockfiles } = factsOf(ecosystem.id)
  const named = [manifest, ...manifests, ...lockfiles].includes(posix.basename(path))
  return named || project.manifests.includes(path) || ecosystem.decides?.(path) === true
}

function saidOf({ ecosystem }: Packaged, progress: Progress): Progress {
  return (message, ...counts) => progress(`${factsOf(ecosystem.id).name}: ${message}`, ...counts)
}

/** Reports on one tree by several tools as one; the first one's clock is the one that is told. */
export function joinReports(reports: readonly Report[]): Report | undefined {
  const [first, ...rest] = reports
  if (first === undefined || rest.length === 0) return first
  const all = <T>(part: (report: Report) => readonly T[] | undefined): T[] =>
    reports.flatMap((report) => part(report) ?? [])
  const setupError = reports.map((report) => report.setupError).find((one) => one !== undefined)
  const lists = {
    unnamed: all(unnamedOf),
    split: all((report) => report.split),
    flaky: all((report) => report.flaky),
  }
  const kept = Object.entries(lists).filter(([, list]) => list.length > 0)
  const toolchains = all(({ toolchain }) => (toolchain === undefined ? [] : [toolchain]))
  return {
    ...first,
    ...Object.fromEntries(kept),
    steps: all(({ steps }) => steps),
    tests: all(({ tests }) => tests),
    testsNamed: reports.some(({ testsNamed }) => testsNamed),
    ...(toolchains.length === 0 ? {} : { toolchain: toolchains.join('; ') }),
    ok: reports.every(({ ok }) => ok),
    ...(setupError === undefined ? {} : { setupError }),
    notes: all(({ notes }) => notes),
  }
}

/** Tests without names among those that have some are told of by their command. */
function unnamedOf({ steps, testsNamed, unnamed = [] }: Report): readonly string[] {
  const tests = steps.filter(({ name }) => name === 'test')
  return testsNamed ? unnamed : [...unnamed, ...tests.map(({ command }) => command)]
}
