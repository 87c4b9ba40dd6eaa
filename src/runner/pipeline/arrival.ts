import type { Patch } from '../../contract/patch.ts'
import type { DependencyUpdate, Task } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import { inWorkspace } from '../docker/using.ts'
import { asInstalled, departures, expectArrival, placesOf } from '../ecosystems/arrival.ts'
import type { IntegrityModule } from '../ecosystems/module.ts'
import type { Resolved } from '../ecosystems/plan.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Prepared } from '../prepare/prepare.ts'
import { isImported } from '../repair/callSites.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import { findResolved } from './movedPackage.ts'
import type { Packaged } from './packageBase.ts'
import { releaseOf } from './releaseOf.ts'
import type { Work } from './start.ts'

/**
 * The one invariant of an update: what it asked for is what every declaration comes to, by the lock file or the build's
 * model and by what lies in the workspace. Throws `version-pinned`.
 */
export async function checkArrival(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  at: { readonly update: Update; readonly before: Prepared; readonly after: Prepared },
): Promise<void> {
  const { plan } = at.update
  const [before, after] = await Promise.all([
    findResolved(run, base, task.package, at.before),
    findResolved(run, base, task.package, at.after),
  ])
  const found = await withInstalled(run, base, task, at.after, after)
  tell(run, task, plan.to, before, found)
  const { manifest } = task
  expectArrival(found, { package: task.package, plan, ...(manifest === undefined ? {} : { manifest }) })
}

/** What a change made of that: reasons against it, and what a person has to look at. */
export interface Kept {
  readonly objections: readonly string[]
  readonly warnings: readonly Warning[]
}

/** Whether the updated package is still there, in the version that the update brought, and used, after a change. */
export async function checkArrivalAfter(
  { run, base, start }: Work,
  change: { readonly tree: string; readonly prepared: Prepared; readonly patch: Patch },
): Promise<Kept> {
  const { task } = run
  if (task.kind !== 'dependency-update') return { objections: [], warnings: [] }
  const [before, after] = await Promise.all([
    findResolved(run, base, task.package, start.prepared),
    findResolved(run, base, task.package, { ...change.prepared, tree: change.tree }),
  ])
  const isSame = change.prepared.key === start.prepared.key
  const found = isSame ? after : await withInstalled(run, base, task, change.prepared, after)
  const gone = departures(task.package, before, found)
  const use = await stillUsed(run, base, task, { start, change, before })
  return { objections: [...gone, ...use.objections], warnings: use.warnings }
}

const ofKey = /^configuration:(.+)#(.+)$/

/** Without what is said of overrides that only the update itself moved. */
export async function withoutOwnPins(
  run: Run,
  rules: readonly IntegrityModule[],
  trees: { readonly start: string; readonly changed: string },
  warnings: readonly Warning[],
): Promise<readonly Warning[]> {
  const kept = await Promise.all(
    warnings.map(async (warning) => {
      const [, path, key = ''] = ofKey.exec(warning.code) ?? []
      const pinning = rules.find(({ pins }) => pins?.includes(key))
      if (path === undefined || pinning === undefined) return [warning]
      const [update, now] = await Promise.all(
        [trees.start, trees.changed].map(async (tree) =>
          pinning.pinned?.(await run.repository.read(tree, path), key),
        ),
      )
      return update === now ? [] : [warning]
    }),
  )
  return kept.flat()
}

/** Why nothing is to be done, where that is not all there is to say. */
export async function upToDateReason(base: Packaged, task: Task): Promise<string> {
  const { ecosystem, view, project } = base
  if (task.kind !== 'dependency-update') return 'There is nothing to do.'
  const places = await ecosystem.resolved(view, project, task.package)
  const others = places.flatMap(({ manifest, elsewhere, aside, version }) => {
    if (elsewhere !== undefined) return [`${manifest} takes it from ${elsewhere}`]
    return aside === undefined ? [] : [`${manifest} has ${version ?? 'none'}: ${aside}`]
  })
  const said = 'The repository already has this version'
  return others.length === 0 ? `${said}.` : `${said}, but for: ${others.join('; ')}.`
}

const inspectionLimits = { timeoutMs: 60_000, maxOutputBytes: 1_000_000 } as const

/** The same with what the workspace really holds, which goes before what the lock file says. */
async function withInstalled(
  run: Run,
  base: Packaged,
  { package: name }: DependencyUpdate,
  prepared: Prepared,
  places: readonly Resolved[],
): Promise<readonly Resolved[]> {
  const manifests = [...new Set(places.map(({ manifest }) => manifest))]
  const view = await treeView(run.repository, prepared.tree)
  const inspection =
    manifests.length === 0 ? undefined : await base.ecosystem.inspection?.(view, name, manifests)
  if (inspection === undefined) return places
  const { sandbox, signal } = run
  return await inWorkspace(sandbox, prepared.image, prepared.workspace, signal, async (container) => {
    const { output } = await container.exec(inspection.argv, { ...inspectionLimits, cwd: '/', signal })
    const installed = inspection.read(output.toString('utf8'))
    return places.map((place) => asInstalled(name, place, installed))
  })
}

function tell(
  run: Run,
  { package: name }: DependencyUpdate,
  to: string,
  before: readonly Resolved[],
  after: readonly Resolved[],
): void {
  run.log.emit({ type: 'versions.resolved', package: name, to, places: [...placesOf(before, after)] })
}

/** A package that no file imports any more was not updated but done without. */
async function stillUsed(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  at: {
    readonly start: { readonly tree: string }
    readonly change: { readonly tree: string; readonly patch: Patch }
    readonly before: readonly Resolved[]
  },
): Promise<Kept> {
  const none: Kept = { objections: [], warnings: [] }
  const [was, is] = await Promise.all(
    [at.start.tree, at.change.tree].map((tree) => treeView(run.repository, tree)),
  )
  if (was === undefined || is === undefined || was === is) return none
  const to = at.before.find(({ version }) => version !== undefined)?.version
  const wish = { package: task.package, namespaces: await namespacesOf(run, base, task, to) }
  if (!(await isImported(was, wish)) || (await isImported(is, wish))) return none
  const message = `No file imports ${task.package} any more: it was done without, not updated.`
  // A library that was split or renamed is moved away from by what takes its place.
  if (!addsDependency(at.change.patch)) return { objections: [message], warnings: [] }
  return { objections: [], warnings: [{ code: 'package-unused', message, severity: 'acknowledge' }] }
}

/** Names by which code knows the package, where that is not its own name. */
async function namespacesOf(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  version: string | undefined,
): Promise<readonly string[]> {
  if (base.ecosystem.namespaced !== true || version === undefined) return []
  const wish = { package: task.package, from: version, to: version }
  return (await releaseOf(run, base, wish))?.namespaces ?? []
}

/** A new line in a manifest that names a package and a version. */
function addsDependency({ files, text }: Patch): boolean {
  const manifests = files.filter(
    ({ role, additions, deletions }) => role === 'manifest' && additions > deletions,
  )
  return manifests.length > 0 && /^\+\s*(?:"[^"]+":\s*"[^"]*\d[^"]*"|<artifactId>)/m.test(text)
}
