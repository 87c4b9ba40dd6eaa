import { patchOf } from '../patches.ts'
import { baseCommit, baseTree, SessionLog } from './log.ts'

/* Sessions that are larger than most, made when they are needed. */

const usage = { inputTokens: 900, outputTokens: 60, cacheReadTokens: 700, cacheWriteTokens: 100 }

function waiting(log: SessionLog): SessionLog {
  log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
  return log
}

function source(file: number, lines: number, changed: boolean): string {
  const line = (at: number) => {
    const call =
      changed && at % 2 === 0
        ? `createClient({ baseUrl: 'part-${at}', retry: { limit: ${at} } })`
        : `createClient('part-${at}', { retries: ${at} })`
    return `  const client${at} = await ${call} // file ${file}, line ${at}\n`
  }
  return Array.from({ length: lines }, (_, at) => line(at)).join('')
}

/** Waits for review with a patch of about 10,000 changed lines, twenty files of them. */
export function largeDiff(): SessionLog {
  const log = new SessionLog('20260304-090000-large1')
  log.emit({
    type: 'snapshot.packaged',
    commit: baseCommit,
    tree: baseTree,
    files: 20,
    bytes: 1,
    excluded: [],
  })
  const files = (changed: boolean) =>
    Object.fromEntries(
      Array.from({ length: 20 }, (_, file) => [`src/part-${file}.ts`, source(file, 500, changed)]),
    )
  log.patchText('repair', patchOf(files(false), files(true)))
  return waiting(log)
}

/** So many events, nearly all of them turns of the agent and what its tools answered. */
export function longSession(events = 20_000): SessionLog {
  const log = new SessionLog('20260304-090000-large2')
  log.emit({ type: 'stage.started', stage: 'repair', attempt: 1 })
  log.emit({ type: 'attempt.started', attempt: 1, model: 'claude-sonnet-5-5' })
  for (let turn = 1; log.events.length < events - 2; turn += 1) {
    const id = `call-${turn}`
    const input = JSON.stringify({ path: `src/part-${turn}.ts` })
    log.emit({
      type: 'agent.turn',
      attempt: 1,
      turn,
      text: `I look at part ${turn}.`,
      toolCalls: [{ id, name: 'Read', input }],
      stopReason: 'tool_use',
      usage,
      costUsd: 0.001,
      durationMs: 900,
    })
    log.emit({
      type: 'agent.toolResult',
      attempt: 1,
      turn,
      id,
      isError: turn % 17 === 0,
      text: 'const client = createClient()\n'.repeat(10),
    })
  }
  log.emit({ type: 'stage.finished', stage: 'repair', attempt: 1, status: 'ok', durationMs: 900_000 })
  return waiting(log)
}
