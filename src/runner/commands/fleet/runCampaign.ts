import { DrydockError } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import {
  campaignFolder,
  campaignNow,
  campaignsHome,
  listCampaigns,
  openCampaignLog,
} from '../../../store/campaign.ts'
import { acquireLock, type Lock } from '../../../store/lock.ts'
import { affordable } from '../../fleet/caps.ts'
import { runHere } from '../../fleet/runHere.ts'
import { paceHere } from '../../gateway/pace.ts'
import { jobLine } from '../../terminal/fleet.ts'
import { oneLine } from '../../terminal/text.ts'
import type { CommandContext } from '../context.ts'
import { openDrip } from './drip.ts'
import { runJob, settleJob, workerName } from './job.ts'
import { noticed } from './noticed.ts'
import { otherCampaigns } from './place.ts'

/**
 * Runs a campaign on this machine until nothing of it can go on by itself. The first Ctrl-C lets what runs end; the
 * second ends it. Throws `campaign-busy` where another process is at it.
 */
export async function runCampaign(
  context: CommandContext,
  name: string,
  say: (text: string) => void,
  /** Called once it is this process that runs it. */
  begun: () => void = () => {},
): Promise<CampaignState> {
  const home = campaignsHome(context.sessions)
  const logOf = (one: string) => openCampaignLog(home, one, context.now)
  const log = logOf(name)
  const others = () => otherCampaigns({ log: logOf, names: () => listCampaigns(home) }, name)
  const lock = await locked(campaignFolder(home, name), name)
  begun()
  try {
    const worker = workerName()
    const now = campaignNow(log, name)
    const first = await now.state()
    const hands = { log, campaign: first.campaign, worker }
    // Sessions end by themselves or by the campaign's cancel: the first Ctrl-C only begins nothing more.
    const calm = { ...context, signal: new AbortController().signal }
    for (const one of first.jobs) await settleJob(calm, hands, one)
    await log.append(...(await noticed(context, await now.state())))
    const pace = paceHere(first.campaign.limits.modelRequestsPerMinute)
    const told = teller(context, say)
    context.signal.addEventListener('abort', () => say(drained), { once: true })
    const drip = openDrip(calm, log, ({ job }, why) =>
      say(`${job.repository}  not published: ${oneLine(why, 200)}\n`),
    )
    return await runHere({
      ...{ log, now, draining: context.signal, onState: told },
      run: (state, one, signal) =>
        runJob({ ...context, signal, pace }, { log, campaign: state.campaign, worker }, one),
      affordable: async (state, one) => affordable(state, one, await others(), context.now()),
      publishNext: drip.next,
    }).then((state) => {
      told(state)
      return state
    })
  } finally {
    await lock.release()
  }
}

const drained = 'Nothing more is begun; what runs ends first. Ctrl-C once more ends it at once.\n'

async function locked(folder: string, name: string): Promise<Lock> {
  try {
    return await acquireLock(folder, (socket) => socket.on('error', () => socket.destroy()))
  } catch (error) {
    if (error instanceof DrydockError && error.failure.code === 'session-busy')
      throw failures.campaignBusy(name)
    throw error
  }
}

/** Says each change of a job once. */
function teller(context: CommandContext, say: (text: string) => void): (state: CampaignState) => void {
  let before: ReadonlyMap<string, JobState> | undefined
  return ({ jobs }) => {
    const now = new Map(jobs.map((one) => [one.job.key, one]))
    for (const one of jobs) {
      const was = before?.get(one.job.key)
      if (was === undefined || (was.status === one.status && was.outcome === one.outcome)) continue
      if (one.status !== 'waiting') say(`${jobLine(one, context.colors)}\n`)
    }
    before = now
  }
}
