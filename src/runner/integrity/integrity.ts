import type { Matrix } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { IntegrityModule } from '../ecosystems/module.ts'
import { javaKitWarnings } from '../languages/java/kit.ts'
import { additionWarnings } from './additions.ts'
import { acknowledge, type Change, type Evidence } from './change.ts'
import { configurationWarnings } from './configuration.ts'
import { snapshotWarnings } from './snapshots.ts'
import { suppressionWarnings } from './suppressions.ts'
import { testWarnings } from './tests.ts'

function unreadWarnings(changes: readonly Change[]): Warning[] {
  return changes
    .filter(({ tooLong, role }) => tooLong === true && role !== 'lockfile')
    .map(({ path }) => acknowledge(`unchecked:${path}`, path, `${path} is too long for the rules to read.`))
}

/**
 * What a patch does to the measures it is judged by: tests, snapshots, suppressions, scripts, configuration. One
 * warning a code; an honest repair raises none. `rules` are those of every ecosystem: a repository may hold files of
 * another one than the change is about.
 */
export function integrityWarnings(evidence: Evidence, rules: readonly IntegrityModule[]): readonly Warning[] {
  const all = [
    ...testWarnings(evidence.changes),
    ...snapshotWarnings(evidence.changes),
    ...suppressionWarnings(evidence.changes),
    ...configurationWarnings(evidence, rules),
    ...javaKitWarnings(evidence.changes),
    ...rules.flatMap((one) => one.names?.(evidence) ?? []),
    ...additionWarnings(evidence.changes, evidence.updated),
    ...unreadWarnings(evidence.changes),
  ]
  const byCode = new Map<string, Warning>()
  for (const warning of all) {
    const other = byCode.get(warning.code)
    byCode.set(
      warning.code,
      other === undefined ? warning : { ...other, message: `${other.message} ${warning.message}` },
    )
  }
  return [...byCode.values()]
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join('; ')
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown
}

/** What the matrix shows that does not make it red, but that a person must see. */
export function matrixWarnings(matrix: Matrix): readonly Warning[] {
  const ids = (label: string, base?: string) =>
    matrix.tests
      .filter((row) => row.label === label && (base === undefined || row.base === base))
      .map(({ id }) => id)
  const removed = ids('removed', 'passed')
  const rows = matrix.tests.filter(({ label }) => label === 'flaky')
  const flaky = rows.filter(({ update, repair }) => (repair ?? update) === 'failed').map(({ id }) => id)
  const unsteady = rows.map(({ id }) => id).filter((id) => !flaky.includes(id))
  return [
    ...(removed.length === 0
      ? []
      : [
          {
            code: 'tests-removed',
            message: `${removed.length} tests that passed on the base are gone: ${named(removed)}.`,
            severity: 'acknowledge' as const,
          },
        ]),
    ...(flaky.length === 0
      ? []
      : [
          {
            code: 'tests-flaky',
            message: `${flaky.length} tests failed and passed on the same change: ${named(flaky)}.`,
            severity: 'acknowledge' as const,
          },
        ]),
    ...(unsteady.length === 0
      ? []
      : [
          {
            code: 'tests-flaky-base',
            message: `${unsteady.length} tests failed and passed on the base as it is: ${named(unsteady)}.`,
            severity: 'notice' as const,
          },
        ]),
  ]
}
