import { assertNever } from '../../../contract/events.ts'
import { toFailure } from '../../../contract/failure.ts'
import type { CampaignRequest } from '../../../contract/runRequest.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { cancel, pause, resume, retry } from './decide.ts'

/** What the editor asks of a campaign. `done` is called once it holds; a campaign that goes on here runs until its end. */
export async function campaignAsked(
  context: CommandContext,
  { campaign, action }: CampaignRequest,
  done: () => void,
): Promise<number> {
  try {
    // Standard output has the answer alone.
    const code = await carriedOut({ ...context, stdout: context.stderr }, campaign, action, done)
    done()
    return code
  } catch (error) {
    // Whoever runs it reads the same log, and goes on by it.
    if (toFailure(error).code !== 'campaign-busy') throw error
    done()
    return exitCodes.done
  }
}

function carriedOut(
  context: CommandContext,
  name: string,
  action: CampaignRequest['action'],
  begun: () => void,
): Promise<number> {
  switch (action) {
    case 'pause':
      return pause(context, name)
    case 'resume':
      return resume(context, name, {}, begun)
    case 'pass-canaries':
      return resume(context, name, { pastCanary: true }, begun)
    case 'cancel':
      return cancel(context, name)
    case 'retry':
      return retry(context, name, [], {}, begun)
    default:
      return assertNever(action)
  }
}
