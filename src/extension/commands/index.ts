import type { Services } from '../services.ts'
import * as decide from './decide.ts'
import { doctor } from './doctor.ts'
import { told } from './failure.ts'
import * as pullRequests from './pullRequests.ts'
import { runChange } from './runChange.ts'
import { setApiKey, signIn } from './setup.ts'
import { showCampaign, showMoreRepositories } from './showCampaign.ts'
import { showStatistics } from './showStatistics.ts'
import { updateDependency } from './updateDependency.ts'
import { updateOutdated } from './updateOutdated.ts'

export type Command = (services: Services, ...given: readonly unknown[]) => Promise<void>

/** What each command of the manifest does, but for those of the view alone. */
export const commandTable = {
  updateDependency,
  updateOutdated,
  runChange,
  openReview: decide.openReviewOf,
  cancel: decide.cancel,
  retry: decide.retry,
  publish: decide.publish,
  sync: pullRequests.sync,
  followUp: pullRequests.followUp,
  fixChecks: pullRequests.fixChecks,
  addressComments: pullRequests.addressComments,
  reject: decide.reject,
  revealLog: decide.revealLog,
  deleteSession: decide.deleteSession,
  doctor,
  showStatistics,
  showCampaign,
  showMoreRepositories,
  setApiKey,
  signIn,
} as const satisfies Readonly<Record<string, Command>>

/** Runs one of them; a failure is told, not thrown. */
export async function runCommand(
  name: keyof typeof commandTable,
  services: () => Promise<Services>,
  given: readonly unknown[],
): Promise<void> {
  const command: Command = commandTable[name]
  await told(async () => command(await services(), ...given))
}
