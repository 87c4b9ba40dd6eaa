import type { Report } from '../../contract/report.ts'
import type { CheckScope } from '../ecosystems/check.ts'
import type { Start, Work } from './start.ts'

/** A part of the build that an answer to the agent can be found in. */
export interface Part {
  readonly scope: CheckScope
  /** A report without the tests that such a check does not run. */
  within(report: Report): Report
}

/**
 * The modules that the update broke or the agent changed, with those that depend on them; undefined where that is all, or
 * cannot be told.
 */
export async function partOf({ run, base, start }: Work, tree: string): Promise<Part | undefined> {
  const { ecosystem, view } = base
  if (ecosystem.affected === undefined) return undefined
  const broken = brokenFiles(start)
  if (broken === undefined) return undefined
  const { written, deleted } = await run.repository.changes(start.tree, tree)
  const affected = await ecosystem.affected(view, [...broken, ...written.map(({ path }) => path), ...deleted])
  if (affected === undefined) return undefined
  const runs = ({ file }: { readonly file?: string | undefined }) =>
    file !== undefined && affected.covers(file)
  return {
    scope: { modules: affected.modules },
    within: (report) => ({ ...report, tests: report.tests.filter(runs) }),
  }
}

/** Files of failures and of tests that no longer pass; undefined where one of them has none. */
function brokenFiles({ base, update }: Start): readonly string[] | undefined {
  const failures = update.steps.flatMap(({ summary }) => summary?.failures ?? [])
  const passed = new Set(update.tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
  const lost = base.tests.filter(({ id, outcome }) => outcome === 'passed' && !passed.has(id))
  const files = [...failures, ...lost].map(({ file }) => file)
  return files.every((file) => file !== undefined) ? files : undefined
}
