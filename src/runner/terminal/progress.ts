import { createLogUpdate } from 'log-update'
import { codemodLine } from '../../contract/codemod.ts'
import type { Event } from '../../contract/events.ts'
import { money } from '../../contract/money.ts'
import { placeLine } from '../../contract/places.ts'
import { stageId, stageTitle } from '../../contract/stageTitle.ts'
import { toneOfFailed } from '../../contract/states/stages.ts'
import { actionsOf } from '../../contract/turnActions.ts'
import type { Colors } from './colors.ts'
import { duration, oneLine } from './text.ts'

/** Shows a session's events while it runs. */
export interface EventDisplay {
  show(event: Event): void
  close(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Waits shorter than this are not worth a line, ms. */
const shortWait = 1000

/** One plain line for whatever a reader of a log would want; undefined for the rest. */
export function plainLine(event: Event, c: Colors, width = 160): string | undefined {
  switch (event.type) {
    case 'session.created':
      return `${c.bold('Session')} ${event.task.id}`
    case 'stage.finished':
      return event.stage === 'queue' && event.durationMs < shortWait ? undefined : stageLine(event, c, width)
    case 'warning.raised':
      return `${c.yellow('!')} ${oneLine(event.warning.message, 200)} ${c.dim(`[${oneLine(event.warning.code, 80)}]`)}`
    case 'update.planned':
      return `  ${event.moves.map((m) => oneLine(`${m.name} ${m.from ?? 'none'} → ${m.to ?? 'none'}${m.reason === undefined ? '' : ` (${m.reason})`}`, 160)).join(`\n  `)}`
    case 'versions.resolved':
      return `  resolved: ${event.places.map((place) => oneLine(placeLine(place), 160)).join('\n            ')}`
    case 'agent.turn':
      return turnLine(event, c, width)
    case 'codemod.tried':
      return `  ${oneLine(codemodLine(event), width - 2)}`
    case 'model.retried':
      return c.dim(`  the model: ${oneLine(event.reason, 100)}; goes on in ${duration(event.delayMs)}`)
    case 'attempt.finished':
      return `  attempt ${event.attempt} ended: ${event.end} after ${event.turns} ${event.turns === 1 ? 'turn' : 'turns'}`
    default:
      return undefined
  }
}

function stageLine(event: Event & { type: 'stage.finished' }, c: Colors, width: number): string {
  const stageMark = { ok: c.green('✔'), failed: c.red('✖'), cancelled: c.yellow('■') }[event.status]
  // That a check ran is not that it passed.
  const failedMark = { warn: c.yellow('!'), bad: c.red('✖') }[toneOfFailed(event)]
  const mark = event.status === 'ok' && event.checks === 'failed' ? failedMark : stageMark
  const time = `(${duration(event.durationMs)}${event.cached === true ? ', cached' : ''})`
  const head = `${stageTitle(event)} ${c.dim(time)}`
  const room = width - stageTitle(event).length - time.length - 6
  return `${mark} ${head}${event.detail === undefined ? '' : `  ${c.dim(oneLine(event.detail, Math.max(room, 20)))}`}`
}

/** What the agent said and did, on one line: its words get what its calls leave. */
function turnLine(event: Event & { type: 'agent.turn' }, c: Colors, width: number): string {
  const head = `  turn ${event.turn}  `
  const cost = money(event.costUsd)
  const room = width - head.length - cost.length - 4
  const calls = oneLine(
    actionsOf(event.toolCalls)
      .map(({ text }) => text)
      .join('; '),
    Math.floor(room / 2),
  )
  const text = oneLine(event.text, room - calls.length)
  return `${c.dim(head)}${[text, c.cyan(calls)].filter((part) => part !== '').join('  ')}  ${c.dim(cost)}`
}

/** Lines only, for a pipe or a build server's log. */
export function plainDisplay(write: (text: string) => void, c: Colors): EventDisplay {
  const started = (event: Event): string | undefined => {
    // Whether there is anything to wait for is known a moment after that stage began.
    if (event.type === 'stage.progress' && event.stage === 'queue')
      return c.dim(`… ${stageTitle(event)}: ${oneLine(event.message, 200)}`)
    return event.type === 'stage.started' && event.stage !== 'queue'
      ? c.dim(`… ${stageTitle(event)}`)
      : plainLine(event, c)
  }
  return {
    show(event) {
      const line = started(event)
      if (line !== undefined) write(`${line}\n`)
    },
    close() {},
  }
}

interface OpenStage {
  readonly title: string
  readonly since: number
  message: string
}

/** Finished lines stay; the stages under way are redrawn below them with their time and progress. */
export function liveDisplay(stream: NodeJS.WriteStream, c: Colors, now: () => number): EventDisplay {
  const open = new Map<string, OpenStage>()
  const log = createLogUpdate(stream, { showCursor: true })
  let frame = 0
  const draw = (): void =>
    log(openLines(open, FRAMES[frame % FRAMES.length] ?? '', stream.columns ?? 80, now(), c))
  const timer = setInterval(() => {
    frame += 1
    draw()
  }, 120)
  timer.unref()
  return {
    show(event) {
      const line = plainLine(event, c, stream.columns ?? 80)
      if (line !== undefined) {
        log.clear()
        stream.write(`${line}\n`)
      }
      track(open, event, now())
      draw()
    },
    close() {
      clearInterval(timer)
      log.clear()
      log.done()
    },
  }
}

function track(open: Map<string, OpenStage>, event: Event, now: number): void {
  if (event.type === 'stage.started')
    open.set(stageId(event), { title: stageTitle(event), since: now, message: '' })
  if (event.type === 'stage.finished') open.delete(stageId(event))
  if (event.type === 'session.finished') open.clear()
  if (event.type !== 'stage.progress') return
  const row = open.get(stageId(event))
  if (row !== undefined) row.message = progressText(event)
}

function progressText(event: Event & { type: 'stage.progress' }): string {
  if (event.done === undefined) return event.message
  return event.total === undefined
    ? `${event.message} ${event.done}`
    : `${event.message} ${event.done}/${event.total}`
}

function openLines(
  open: ReadonlyMap<string, OpenStage>,
  mark: string,
  width: number,
  now: number,
  c: Colors,
): string {
  return [...open.values()]
    .map((row) => {
      const head = `${row.title} (${duration(now - row.since)})`
      const room = width - head.length - 6
      return `${c.cyan(mark)} ${head}${room > 10 && row.message !== '' ? `  ${c.dim(oneLine(row.message, room))}` : ''}`
    })
    .join('\n')
}
