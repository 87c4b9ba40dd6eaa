import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { isElsewhere } from '../../contract/elsewhere.ts'
import type { Event } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import { type RunAnswer, RunInput, type RunRequest, type RunSecrets } from '../../contract/runRequest.ts'
import type { Task } from '../../contract/task.ts'
import { readSession } from '../../store/session.ts'
import { failureOf } from '../ending.ts'
import { dropFromSession, resumeSession, runSession } from '../session.ts'
import { goesOn, retryOf } from './again.ts'
import type { CommandContext } from './context.ts'
import { exitCodeOf, exitCodeOfFailure, exitCodes } from './exitCode.ts'
import { type FollowUp, followUpOf } from './followUp.ts'
import { taskOf } from './newTask.ts'
import { publishSession } from './publish.ts'
import { rejectSession } from './reject.ts'
import { restoreSession } from './restore.ts'
import { syncSession } from './sync.ts'

/**
 * `drydock run --task -`: one request from standard input. Standard output gets one line, a `RunAnswer`: of a session
 * as soon as its log exists, of a decision once it is carried out. What comes later stands in the event log.
 */
export async function runRequested(context: CommandContext, source: string): Promise<number> {
  const answer = once((value: RunAnswer) => void context.stdout.write(`${JSON.stringify(value)}\n`))
  try {
    if (source !== '-') throw failures.badUsage('The task is read from standard input alone: --task -')
    const { request, secrets } = readInput(await text(context.stdin))
    const own = withSecrets(context, secrets)
    if (request.do === 'campaign') {
      const { campaignAsked } = await import('./fleet/asked.ts')
      return await campaignAsked(own, request, () => answer({ ok: true }))
    }
    return await carryOut(own, request, (session) => answer({ ok: true, session }))
  } catch (error) {
    const failure = failureOf(error, dirname(context.sessions))
    answer({ ok: false, failure })
    return exitCodeOfFailure(failure.code)
  }
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let done = false
  return (value) => {
    if (!done) act(value)
    done = true
  }
}

function readInput(document: string): RunInput {
  let value: unknown
  try {
    value = JSON.parse(document)
  } catch {
    throw failures.badUsage('Standard input is not one JSON document.')
  }
  const parsed = RunInput.safeParse(value)
  if (parsed.success) return parsed.data
  throw failures.badUsage(`The request is not valid: ${z.prettifyError(parsed.error)}`)
}

/** The secrets stand where the environment's would, in this process's memory alone. */
function withSecrets(context: CommandContext, secrets: RunSecrets): CommandContext {
  const { anthropicApiKey, githubToken } = secrets
  return {
    ...context,
    env: {
      ...context.env,
      // A key that was given wins over a token that stands in the environment.
      ...(anthropicApiKey === undefined
        ? {}
        : { ANTHROPIC_API_KEY: anthropicApiKey, ANTHROPIC_AUTH_TOKEN: undefined }),
      ...(githubToken === undefined ? {} : { DRYDOCK_GITHUB_TOKEN: githubToken }),
    },
  }
}

async function carryOut(
  context: CommandContext,
  request: RunRequest,
  started: (session: string) => void,
): Promise<number> {
  switch (request.do) {
    case 'sync': {
      await syncSession(context, await readSession(context.sessions, request.session))
      started(request.session)
      return exitCodes.done
    }
    case 'publish': {
      const { session, digest, baseCommit, acknowledged: acknowledge, withoutJudge, unverified } = request
      const options = { acknowledge, withoutJudge, unverified, quiet: true }
      const wording = request.wording === undefined ? {} : { wording: request.wording }
      const shown = { digest, baseCommit }
      const view = await readSession(context.sessions, session)
      if (isElsewhere(view)) {
        const word = { verdict: 'approve', acknowledged: acknowledge, withoutJudge, unverified } as const
        await (await import('./fleet/decided.ts')).decideElsewhere(context, view, word, shown)
      } else await publishSession(context, session, { ...options, ...wording, shown })
      started(session)
      return exitCodes.done
    }
    case 'reject':
      await rejectSession(context, request.session, request.reason ?? '')
      started(request.session)
      return exitCodes.done
    case 'restore':
      await restoreSession(context, request.session, request.digest)
      started(request.session)
      return exitCodes.done
    case 'drop':
      await dropFromSession(context, request.session, request, () => started(request.session))
      return exitCodes.done
    case 'follow-up': {
      const { checks, comments } = request
      const { task, chain } = await followUpOf(context, request.session, { checks, comments })
      return await begun(context, task, started, chain)
    }
    default: {
      if (request.do === 'retry' && (await goesOn(context, request.session, request.note))) {
        const view = await resumeSession(context, request.session, () => started(request.session))
        return exitCodeOf(view.outcome ?? 'interrupted')
      }
      const task =
        request.do === 'retry'
          ? await retryOf(context, request.session, request.note)
          : await taskOf(context, request)
      return await begun(context, task, started)
    }
  }
}

async function begun(
  context: CommandContext,
  task: Task,
  started: (session: string) => void,
  chain?: FollowUp['chain'],
): Promise<number> {
  // The first event stands in the log before the session's folder counts as one; the second comes after.
  const onEvent = ({ type }: Event): void => {
    if (type !== 'session.created') started(task.id)
  }
  const view = await runSession(context, task, onEvent, chain)
  return exitCodeOf(view.outcome ?? 'interrupted')
}
