import { failures } from '../../contract/failures.ts'
import { sessionFolder } from '../../store/home.ts'
import { readEvents } from '../../store/read.ts'
import { readTask, recover } from '../../store/session.ts'
import { telemetrySettings } from '../telemetry/settings.ts'
import { withContent } from '../tracing.ts'
import type { CommandContext } from './context.ts'
import { printJson, runnerName } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface TraceFlags {
  readonly print?: boolean
  readonly content?: boolean
  readonly json?: boolean
}

/** `drydock trace`: a session's spans and assessments from its log, to the collector that the environment names. */
export async function trace(context: CommandContext, id: string, flags: TraceFlags): Promise<number> {
  const task = await readTask(context.sessions, id)
  await recover(context.sessions, id, runnerName(context))
  const events = await readEvents(sessionFolder(context.sessions, id))
  const content = flags.content === true
  if (flags.print === true) {
    const { traceOf } = await import('../telemetry/fold.ts')
    printJson(context, traceOf(events, { content: content || task.settings.captureContent === true }))
    return exitCodes.done
  }
  const settings = await telemetrySettings(context.env)
  if (settings === undefined) throw failures.noCollector()
  const wanted = withContent({ ...settings, content: settings.content || content }, task)
  const { exportTrace } = await import('../telemetry/reexport.ts')
  const done = await exportTrace(wanted, id, context.version, events)
  if (flags.json === true) printJson(context, done)
  else context.stdout.write(lines(done, wanted.content))
  return exitCodes.done
}

function lines(
  done: { traceId: string; spans: number; assessments?: number; complete: boolean },
  content: boolean,
): string {
  const assessed = done.assessments === undefined ? '' : `, ${done.assessments} assessments written`
  const words = content ? 'with the words of models and people' : 'without the words of models and people'
  const open = done.complete
    ? ''
    : '\nThe session has no outcome yet: its own span, which completes the trace, comes with that.'
  return `Trace ${done.traceId}: ${done.spans} spans sent, ${words}${assessed}.${open}\n`
}
