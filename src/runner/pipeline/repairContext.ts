import type { Report } from '../../contract/report.ts'
import type { Ecosystem, Tree } from '../ecosystems/ecosystem.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { type CallSites, findCallSites, noCallSites } from '../repair/callSites.ts'
import { termsOf } from '../repair/sites/terms.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import type { Packaged } from './stages.ts'

/** What the agent is told of the package besides what fails. */
export interface RepairContext {
  readonly release?: Release
  readonly callSites: CallSites
}

/** Reads what the new version changed, and where the repository uses that; what cannot be read is left out. */
export async function repairContext(
  run: Run,
  base: Packaged,
  update: Update | undefined,
  report: Report | undefined,
): Promise<RepairContext> {
  const { task } = run
  if (task.kind !== 'dependency-update') return { callSites: noCallSites }
  const release = update === undefined ? undefined : await releaseOf(run, base, task.package, update)
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

async function releaseOf(
  run: Pick<Run, 'signal'>,
  base: { readonly view: Tree; readonly ecosystem: Ecosystem },
  name: string,
  { plan }: Update,
): Promise<Release | undefined> {
  const { from, to } = plan
  const wish = { package: name, from, to }
  try {
    return await base.ecosystem.release?.(base.view, wish, run.signal)
  } catch (error) {
    // The agent can do without; the registry may have lost the old version.
    if (run.signal.aborted) throw error
    return undefined
  }
}
