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
  const release =
    update === undefined
      ? undefined
      : await releaseOf(run, base, { package: task.package, from: update.plan.from, to: update.plan.to })
  return await contextOf(base.view, task.package, release, report)
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
