import type { CampaignEventBody } from '../../../contract/fleet/events.ts'
import { seenOf } from '../../../contract/fleet/seen.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { readSession } from '../../../store/session.ts'
import type { CommandContext } from '../context.ts'

/** What became of a campaign's sessions on this machine since: a person published one, or its pull request was merged. */
export async function noticed(
  context: CommandContext,
  { jobs }: CampaignState,
): Promise<readonly CampaignEventBody[]> {
  const found = await Promise.all(jobs.map((one) => changeOf(context, one)))
  return found.filter((event) => event !== undefined)
}

async function changeOf({ sessions }: CommandContext, one: JobState): Promise<CampaignEventBody | undefined> {
  if (one.status !== 'ended' || one.session === null) return undefined
  const view = await readSession(sessions, one.session).catch(() => undefined)
  if (view === undefined) return undefined
  return seenOf(one, { outcome: view.outcome, pullRequest: view.pullRequest?.url ?? null })
}
