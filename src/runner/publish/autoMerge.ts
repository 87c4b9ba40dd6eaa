import semver from 'semver'
import { standing } from '../../contract/proof.ts'
import { type AutoMergeLevel, autoMergeDays } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { packageRows } from '../../contract/whyRows.ts'
import type { SelfMerge } from '../hosts/host.ts'

/** What the person on this machine lets a host merge by itself. */
export interface AutoMergePolicy {
  readonly upTo: AutoMergeLevel
  /** Days that the new version has to be out. */
  readonly days: number
}

/** The policy of a session's settings; undefined where nobody asked for any. */
export function policyOf({ settings }: SessionView['task']): AutoMergePolicy | undefined {
  const { pullRequestAutoMerge: upTo, pullRequestAutoMergeDays: days = autoMergeDays } = settings
  return upTo === undefined ? undefined : { upTo, days }
}

export interface AutoMergeQuestion {
  readonly view: SessionView
  readonly policy: AutoMergePolicy
  /** What the repository's own file lets through; undefined where it says nothing. */
  readonly allowed: AutoMergeLevel | undefined
  readonly draft: boolean
  readonly now: Date
}

type Condition = readonly [lacks: string, holds: boolean]

/** Every condition that fails before the host is asked, in words; empty where all hold. */
export function lacksForAutoMerge({
  view,
  policy,
  allowed,
  draft,
  now,
}: AutoMergeQuestion): readonly string[] {
  const { task, patch, turns, matrix, verdict, warnings, approval, why } = view
  const upTo = policy.upTo === 'minor' && allowed !== 'patch' ? 'minor' : 'patch'
  const days = ageOf(why?.released?.to, now)
  const asked = warnings.filter(({ severity }) => severity === 'acknowledge').length
  const rows = why === undefined ? [] : packageRows(why)
  const unseen = (why?.packages?.more ?? 0) > 0
  const conditions: readonly Condition[] = [
    [
      'the repository’s own file (`.drydock.json`, `pullRequest.autoMerge`) does not allow it',
      allowed !== undefined,
    ],
    ['it is no update of a dependency', task.kind === 'dependency-update'],
    ['more than the package manager made the change', patch?.source === 'update' && turns === 0],
    [`it is not known to be a ${upTo} update`, isWithin(view, upTo)],
    ['no test that passed before ran again', matrix !== null && standing(matrix) === 'tests'],
    [`${asked} warning${asked === 1 ? ' has' : 's have'} to be acknowledged`, asked === 0],
    [
      'a package that moves runs a script when it is installed, or may do so',
      !unseen && rows.every(({ runsScript, unread }) => !runsScript && !unread),
    ],
    ['no judge has approved it', verdict?.decision === 'approve' && approval?.withoutJudge !== true],
    [
      days === undefined
        ? 'nobody knows when the version was released'
        : `the version has been out for ${days} of ${policy.days} days`,
      days !== undefined && days >= policy.days,
    ],
    ['it is a draft', !draft],
  ]
  return conditions.flatMap(([lacks, holds]) => (holds ? [] : [lacks]))
}

/** The same of the host; undefined where it has nothing of the kind, or nobody can be asked. */
export function lacksAtHost(host: SelfMerge | undefined): readonly string[] {
  if (host === undefined) return ['the host is not asked for it']
  return [
    ...(host.requiredChecks ? [] : ['the base branch requires no checks at the host']),
    ...(host.allowed ? [] : ['the host does not let this repository merge by itself']),
  ]
}

const dayMs = 86_400_000

function ageOf(released: string | undefined, now: Date): number | undefined {
  if (released === undefined) return undefined
  return Math.floor((now.getTime() - Date.parse(released)) / dayMs)
}

/** Whether the package, and what had to move with it, moves no further than that; before 1.0.0 one place counts as the next. */
function isWithin({ from, to, moves }: SessionView, upTo: AutoMergeLevel): boolean {
  if (from === null || to === null) return false
  const all = [{ from, to }, ...moves.map((move) => ({ from: move.from ?? '', to: move.to ?? '' }))]
  return all.every((move) => {
    const level = levelOf(move.from, move.to)
    return level === 'patch' || (level === 'minor' && upTo === 'minor')
  })
}

function levelOf(from: string, to: string): AutoMergeLevel | undefined {
  const [before, after] = [semver.parse(from), semver.parse(to)]
  if (before === null || after === null || semver.lt(after, before)) return undefined
  // What is no release yet promises nothing.
  if (before.prerelease.length > 0 || after.prerelease.length > 0) return undefined
  if (before.major !== after.major) return undefined
  if (before.major > 0) return before.minor === after.minor ? 'patch' : 'minor'
  if (before.minor !== after.minor) return undefined
  return before.minor > 0 || before.patch === after.patch ? 'minor' : undefined
}

/** What a pull request says of it; empty where nobody asked. */
export function autoMergeWords(
  policy: AutoMergePolicy | undefined,
  lacks: readonly string[],
): readonly string[] {
  if (policy === undefined) return []
  if (lacks.length > 0) return [`Not merged by itself: ${lacks.join('; ')}.`]
  return [
    `The host is asked to merge this by itself once its required checks have passed: a ${policy.upTo === 'minor' ? 'minor or patch' : 'patch'} update, made by the package manager alone, out for at least ${policy.days} days, green with tests, approved by the judge without a warning, and allowed by the repository’s own file.`,
  ]
}
