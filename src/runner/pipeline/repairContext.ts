import type { Report } from '../../contract/report.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { type CallSites, findCallSites, noCallSites } from '../repair/callSites.ts'
import { termsOf } from '../repair/sites/terms.ts'
import type { Run } from '../run.ts'
import type { Packaged } from './packageBase.ts'
import type { Planned } from './planned.ts'
import { releaseOf } from './releaseOf.ts'

/** What the agent is told of the package besides what fails. */
export interface RepairContext {
  readonly release?: Release
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
  const release = update === undefined ? undefined : await readReleases(run, base, task.package, update.plan)
  return await contextOf(base.view, task.package, release, report)
}

/** Packages that move with the asked one and are read as well. */
const mostMoves = 4

/** The package's own release, with what changed in the packages that move with it, by a property or as its peers. */
async function readReleases(
  run: Run,
  base: Packaged,
  name: string,
  { from, to, moves }: Planned['plan'],
): Promise<Release | undefined> {
  const others = moves.filter((move) => move.name !== name).slice(0, mostMoves)
  const [own, ...rest] = await Promise.all([
    releaseOf(run, base, { package: name, from, to }),
    ...others.map(async (move) => {
      if (move.from === undefined || move.to === undefined) return undefined
      return await releaseOf(run, base, { package: move.name, from: move.from, to: move.to })
    }),
  ])
  const moved = rest.flatMap((release, at) =>
    release === undefined ? [] : [{ ...release, changes: broughtBy(others[at]?.name, release) }],
  )
  const first = own ?? moved[0]
  if (first === undefined) return undefined
  const all = own === undefined ? moved : [own, ...moved]
  return {
    ...first,
    changes: all.flatMap(({ changes }) => changes),
    namespaces: [...new Set(all.flatMap(({ namespaces }) => namespaces))],
  }
}

function broughtBy(name: string | undefined, { changes }: Release): Release['changes'] {
  return name === undefined ? changes : changes.map((change) => ({ brought: name, ...change }))
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
