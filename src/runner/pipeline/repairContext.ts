import type { Report } from '../../contract/report.ts'
import type { PackageMove } from '../../contract/why.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { type CallSites, findCallSites, noCallSites } from '../repair/callSites.ts'
import { termsOf } from '../repair/sites/terms.ts'
import type { Run } from '../run.ts'
import { type MovedWith, movesNamed, textsOfFailures } from './movedWith.ts'
import type { Packaged } from './packageBase.ts'
import type { Planned } from './planned.ts'
import { releaseOf } from './releaseOf.ts'

/** What the agent is told of the package besides what fails. */
export interface RepairContext {
  readonly release?: Release
  /** Versions of others that the asked one decides on and that failures name. */
  readonly decided?: readonly MovedWith[]
  readonly callSites: CallSites
}

/** Reads what the new version changed, and where the repository uses that; what cannot be read is left out. */
export async function makeRepairContext(
  run: Run,
  base: Packaged,
  update: Planned | undefined,
  report: Report | undefined,
): Promise<RepairContext> {
  const { task } = run
  if (task.kind !== 'dependency-update') return { callSites: noCallSites }
  const { release, decided = [] } =
    update === undefined ? {} : await readReleases(run, base, task.package, update.plan, report)
  const context = await contextOf(base.view, task.package, release, report)
  return decided.length === 0 ? context : { ...context, decided }
}

/** Of something that has nothing to read: what went and came with it may be known all the same. */
const nothingRead: Release = { notes: [], changes: [], source: 'declarations', namespaces: [] }

/** Packages that move with the asked one and are read as well. */
const mostMoves = 4
/** Those of which a failure names as much may have no interface either, as a starter has none. */
const mostNamed = 8

/**
 * The package's own release, with what changed in the packages that move with it: by a property, as its peers, or because
 * it does nothing but say their versions.
 */
async function readReleases(
  run: Run,
  base: Packaged,
  name: string,
  { from, to, moves }: Planned['plan'],
  report: Report | undefined,
): Promise<Pick<RepairContext, 'release' | 'decided'>> {
  const planned = moves.filter((move) => move.name !== name).slice(0, mostMoves)
  const [own, beside] = await Promise.all([
    releaseOf(run, base, { package: name, from, to }),
    movedReleases(run, base, planned.filter(isMoved)),
  ])
  const says = own?.changes.every(({ of }) => of === 'package') ?? true
  const others = says ? (base.known.moves?.moves ?? []).filter((move) => move.name !== name) : []
  const named =
    others.length === 0
      ? { moved: [], changes: [] }
      : movesNamed(
          others,
          await textsOfFailures(base.view, report),
          await namespacesBefore(run, base, others),
        )
  const decided = named.moved.slice(0, mostNamed)
  const brought = await movedReleases(run, base, decided)
  const all = [...(own === undefined ? [] : [own]), ...beside, ...brought.slice(0, mostMoves)]
  const [first = nothingRead] = all
  if (first === nothingRead && named.changes.length === 0) return { decided }
  const release = {
    ...first,
    // A changelog of another package would be read as the asked one's.
    notes: own?.notes ?? [],
    changes: [...named.changes, ...all.flatMap(({ changes }) => changes)],
    namespaces: [...new Set(all.flatMap(({ namespaces }) => namespaces))],
  }
  return { release, decided }
}

/** What sources import the versions before by, where that is not their name; nothing where it cannot be had. */
async function namespacesBefore(
  { signal }: Run,
  { ecosystem }: Packaged,
  moves: readonly PackageMove[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const before = moves.flatMap(({ name, before: [version] }) =>
    version === undefined ? [] : [{ name, version }],
  )
  return before.length === 0 ? new Map() : ((await ecosystem.namespacesOf?.(before, signal)) ?? new Map())
}

function isMoved(move: Planned['plan']['moves'][number]): move is MovedWith {
  return move.from !== undefined && move.to !== undefined
}

/** Of those that can be read and changed in something, each under its own name. */
async function movedReleases(
  run: Run,
  base: Packaged,
  moves: readonly MovedWith[],
): Promise<readonly Release[]> {
  const releases = await Promise.all(
    moves.map(async ({ name, from, to }) => {
      const release = await releaseOf(run, base, { package: name, from, to })
      // What it brings itself would read as what the asked one brings.
      const own = release?.changes.filter(({ of }) => of !== 'package') ?? []
      if (release === undefined || own.length === 0) return []
      return [{ ...release, changes: own.map((change) => ({ brought: name, ...change })) }]
    }),
  )
  return releases.flat()
}

/** Where a repository meets what a release changed and what fails with it. */
export async function contextOf(
  view: Tree,
  name: string,
  release: Release | undefined,
  report: Report | undefined,
): Promise<RepairContext> {
  const callSites = await findCallSites(view, {
    package: name,
    namespaces: release?.namespaces ?? [],
    commands: release?.commands ?? [],
    terms: termsOf(name, release, report),
  })
  return { callSites, ...(release === undefined ? {} : { release }) }
}
