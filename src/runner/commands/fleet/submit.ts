import { dirname, resolve } from 'node:path'
import picomatch from 'picomatch'
import { codemodFailures } from '../../../contract/codemodFailures.ts'
import { failures } from '../../../contract/failures.ts'
import { type Campaign, campaignTask } from '../../../contract/fleet/campaign.ts'
import { standingOf } from '../../../contract/fleet/stages.ts'
import type { CampaignState } from '../../../contract/fleet/state.ts'
import { failedJob } from '../../../contract/fleet/words.ts'
import { campaignNow } from '../../../store/campaign.ts'
import { readCodemod } from '../../codemod/folder.ts'
import { readCampaign } from '../../fleet/file.ts'
import { type PlacesOptions, type Planned, planJobs } from '../../fleet/places.ts'
import { HostRefusal } from '../../hosts/host.ts'
import { campaignPage, unreachableLines } from '../../terminal/fleet.ts'
import { widthOf } from '../../terminal/wrap.ts'
import { type CommandContext, printJson, runnerName } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { hostTokens } from '../hostTokens.ts'
import { parseSpec } from '../newTask.ts'
import { openFleet } from './fleet.ts'
import { type Fleet, stateOfCampaign } from './place.ts'
import { preview } from './preview.ts'
import { runCampaign } from './runCampaign.ts'

export interface SubmitFlags {
  readonly preview?: boolean
  readonly json?: boolean
}

/** `drydock fleet submit`: reads the file, finds the repositories, and runs what is due. */
export async function submit(context: CommandContext, file: string, flags: SubmitFlags): Promise<number> {
  const path = resolve(context.cwd, file)
  const campaign = await withItsCodemod(await readCampaign(path), dirname(path))
  await using fleet = await openFleet(context)
  if (fleet.kind === 'here' && campaign.limits.perOrganisation !== undefined)
    throw failures.needsQueue('A quota of sessions at once for each organisation')
  const before = await campaignNow(fleet.log(campaign.name), campaign.name).find()
  requireSameTask(campaign, before)
  const planned = await planJobs(campaign, placesOptions(context, dirname(path), campaign))
  if (flags.preview === true) return preview(context, campaign, planned, before, flags)
  if (planned.jobs.length === 0) {
    context.stderr.write(`${unreachableLines(planned.unreachable, context.colors).slice(1).join('\n')}\n`)
    throw failures.nothingToDo(campaign.name, planned.unreachable.length)
  }
  await begin(context, fleet, campaign, planned)
  return await goOn(context, fleet, campaign.name, flags)
}

/** The text of a codemod goes with the campaign: whoever runs it has no such folder. Throws `bad-codemod`. */
async function withItsCodemod(campaign: Campaign, base: string): Promise<Campaign> {
  const { codemod, update = '' } = campaign
  if (typeof codemod !== 'string') return campaign
  const read = await readCodemod(resolve(base, codemod))
  const its = read.from?.package
  const { package: wanted } = await parseSpec(update)
  if (its !== undefined && its !== wanted) throw codemodFailures.otherCodemod(its, wanted)
  return { ...campaign, codemod: read }
}

function requireSameTask(campaign: Campaign, before: CampaignState | undefined): void {
  if (before === undefined) return
  if (before.cancelled) throw failures.campaignOver(campaign.name, 'cancelled')
  const [is, was] = [campaign, before.campaign].map((one) => JSON.stringify([campaignTask(one), one.change]))
  if (is !== was) throw failures.otherCampaign(campaign.name, campaignTask(before.campaign))
}

function placesOptions(context: CommandContext, base: string, { settings }: Campaign): PlacesOptions {
  const { userHome, env, signal } = context
  const repositoriesOf = async (organisation: string, match = '*'): Promise<readonly string[]> => {
    const token = hostTokens(env).github
    if (token === undefined || token === '') throw failures.noHostToken('GitHub')
    const { repositoriesOf } = await import('../../hosts/github/organisation.ts')
    try {
      const found = await repositoriesOf(organisation, settings.githubApiUrl, { token, signal })
      return found.filter(({ name }) => picomatch.isMatch(name, match)).map(({ url }) => url)
    } catch (error) {
      if (!(error instanceof HostRefusal)) throw error
      const what = `The repositories of ${organisation} are not known`
      throw failures.hostFailed(what, error.trouble, 'the same again')
    }
  }
  return { base, userHome, env, signal, repositoriesOf }
}

async function begin(
  context: CommandContext,
  fleet: Fleet,
  campaign: Campaign,
  planned: Planned,
): Promise<void> {
  await fleet
    .log(campaign.name)
    .append(
      { type: 'campaign.created', campaign, runner: runnerName(context) },
      { type: 'campaign.planned', jobs: [...planned.jobs], unreachable: [...planned.unreachable] },
    )
}

/** Runs a campaign here, or lets workers do so, and says how it stands. */
export async function goOn(
  context: CommandContext,
  fleet: Fleet,
  name: string,
  { json = false }: { readonly json?: boolean },
  /** Called once it is known who runs it. */
  begun: () => void = () => {},
): Promise<number> {
  const say = (text: string): void => void (json ? context.stderr : context.stdout).write(text)
  await fleet.wake(name)
  const state =
    fleet.kind === 'here' ? await runCampaign(context, name, say, begun) : await stateOfCampaign(fleet, name)
  if (json) printJson(context, { ...state, standing: standingOf(state) })
  else say(`\n${campaignPage(state, context.colors, widthOf(context.stdout))}`)
  return fleet.kind === 'here' ? exitCodeOfCampaign(state) : exitCodes.done
}

/** Done where every repository came to what was meant, and nothing could not be reached. */
export function exitCodeOfCampaign(state: CampaignState): number {
  const { waitsFor } = standingOf(state)
  const open = state.jobs.some(({ status }) => status !== 'ended')
  if (state.cancelled) return exitCodes.cancelled
  return open || waitsFor !== undefined || state.unreachable.length > 0 || state.jobs.some(failedJob)
    ? exitCodes.notGreen
    : exitCodes.done
}
