import type { StageName } from './events.ts'
import type { RunRole, StageRole } from './report.ts'

export interface StageKey {
  readonly stage: StageName
  readonly role?: StageRole | undefined
  readonly attempt?: number | undefined
}

const ROLES: Record<RunRole, string> = {
  base: 'as it is',
  update: 'with the update',
  repair: 'repaired',
  overlay: 'repaired, with the tests of the base',
  advisory: 'asked for by the agent',
  dropped: 'without the dropped parts',
}

const STAGES: Record<StageName, string> = {
  queue: 'Wait for a free slot',
  preflight: 'Check the sandbox',
  package: 'Package the repository',
  update: 'Write the update',
  prepare: 'Install',
  verify: 'Build, test, lint',
  distil: 'Distil the repair',
  codemod: 'Apply the codemod',
  repair: 'Repair',
  judge: 'Judge',
  review: 'Review',
  publish: 'Publish',
}

/** What a stage is called in front of a person: `Build, test, lint: with the update`. */
export function stageTitle({ stage, role, attempt }: StageKey): string {
  if (role === 'minimise') return 'Is every part needed?'
  if (role === 'reach') return 'Do the checks run what changed?'
  const suffix = role === undefined ? '' : `: ${ROLES[role]}`
  return `${STAGES[stage]}${suffix}${attempt === undefined ? '' : `, attempt ${attempt}`}`
}

/** One key a stage for maps and lists; two stages with the same key are the same row. */
export function stageId({ stage, role, attempt }: StageKey): string {
  return [stage, role, attempt].filter((part) => part !== undefined).join('/')
}
