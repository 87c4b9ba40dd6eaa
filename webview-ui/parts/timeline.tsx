import { useEffect, useMemo, useState } from 'preact/hooks'
import { money } from '../../src/contract/money.ts'
import type { TurnDetail, TurnHead } from '../../src/contract/reviewView.ts'
import type { AttemptView, SessionView } from '../../src/contract/sessionView.ts'
import { shownLine, shownName } from '../../src/contract/shownText.ts'
import { stageTitle } from '../../src/contract/stageTitle.ts'
import type { StageView } from '../../src/contract/stageView.ts'
import { stageFact, stageMs } from '../../src/contract/states/stages.ts'
import { actionOf, type DiffLine } from '../../src/contract/turnActions.ts'
import { duration } from '../model/headline.ts'
import type { KeptExchange, Panel } from '../model/panel.ts'
import { type TimelineRow, timelineRows } from '../model/timeline.ts'
import { Exchange } from './exchange.tsx'
import { useHost } from './host.ts'
import { Icon, ToneIcon } from './icon.tsx'
import { Scrubber } from './scrubber.tsx'
import { Output, Prose } from './text.tsx'
import { VirtualList } from './virtualList.tsx'

interface Properties {
  readonly panel: Panel
  readonly session: SessionView
  readonly covered: number
}

/** Every stage, and below each repair what the agent said and did. */
export function Timeline({ panel, session, covered }: Properties) {
  const send = useHost()
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const toggle = (index: number) => {
    const next = new Set(open)
    if (!next.delete(index)) next.add(index)
    setOpen(next)
  }
  // Asked for again when a tool has answered since.
  useEffect(() => {
    for (const index of open) if (!panel.details.has(index)) send({ type: 'showTurn', index })
  }, [open, panel.details, send])
  const render = (row: TimelineRow) =>
    row.kind === 'stage' ? (
      <Stage stage={row.stage} attempt={row.attempt} session={session} />
    ) : (
      <Turn
        turn={row.turn}
        open={open.has(row.turn.index)}
        detail={panel.details.get(row.turn.index)}
        exchange={panel.exchanges.get(row.turn.index)}
        toggle={toggle}
      />
    )
  const { stages, attempts } = session
  const rows = useMemo(() => timelineRows({ stages, attempts }, panel.turns), [stages, attempts, panel.turns])
  return (
    <>
      <Scrubber panel={panel} session={session} />
      <VirtualList
        rows={rows}
        estimate={() => 30}
        render={render}
        label="Stages and turns"
        covered={covered}
      />
    </>
  )
}

interface StageProperties {
  readonly stage: StageView
  readonly attempt: AttemptView | undefined
  readonly session: SessionView
}

function Stage({ stage, attempt, session }: StageProperties) {
  const { tone, text } = stageFact(stage, session)
  const { name, role, cached, detail, progress } = stage
  const ms = stageMs(stage)
  const took = [
    ...(attempt === undefined
      ? []
      : [attempt.turns === 1 ? '1 turn' : `${attempt.turns} turns`, money(attempt.costUsd)]),
    ...(ms === null ? [] : [duration(ms)]),
  ]
  const more = [cached ? 'from the cache' : '', detail ?? attempt?.detail ?? ''].filter((text) => text !== '')
  return (
    <div class="stage">
      <ToneIcon tone={tone} />
      <span class="stage-title">{stageTitle({ stage: name, role, attempt: stage.attempt })}</span>
      {text === '' ? null : <span class="stage-status">{text}</span>}
      <span class="small">{shownName(more.join(', '))}</span>
      {progress === undefined ? null : <Progress progress={progress} />}
      <span class="took">{took.join(', ')}</span>
    </div>
  )
}

function Progress({
  progress: { message, done, total },
}: {
  readonly progress: NonNullable<StageView['progress']>
}) {
  return (
    <span class="progress">
      {done === undefined || total === undefined ? null : (
        <progress value={done} max={total} aria-label={shownName(message)} />
      )}
      <span class="small">{shownName(message)}</span>
    </span>
  )
}

interface TurnProperties {
  readonly turn: TurnHead
  readonly open: boolean
  readonly detail: TurnDetail | undefined
  readonly exchange: KeptExchange | undefined
  readonly toggle: (index: number) => void
}

function Turn({ turn, open, detail, exchange, toggle }: TurnProperties) {
  const { index, actions, text } = turn
  return (
    <div class="turn">
      <button type="button" class="turn-head" aria-expanded={open} onClick={() => toggle(index)}>
        <Icon name={open ? 'open' : 'closed'} />
        <span class="turn-number">Turn {turn.turn}</span>
        <span class="turn-text">{shownName(text)}</span>
        <span class="tools">
          {actions.map((action, at) => (
            <span key={at} class={`tool tool-${action.status}`}>
              {shownName(action.text)}
              {action.status === 'running' ? '…' : ''}
            </span>
          ))}
        </span>
        <span class="took">
          {money(turn.costUsd)}, {duration(turn.durationMs)}
        </span>
      </button>
      {open ? <Detail detail={detail} exchange={exchange} /> : null}
    </div>
  )
}

function Detail({ detail, exchange }: Pick<TurnProperties, 'detail' | 'exchange'>) {
  if (detail === undefined) return <p class="small turn-body">Reading…</p>
  return (
    <div class="turn-body">
      {detail.text === '' ? null : <Prose text={detail.text} />}
      {detail.calls.map((call, at) => (
        <Call key={at} call={call} />
      ))}
      <Exchange index={detail.index} kept={detail.kept} exchange={exchange} />
    </div>
  )
}

/** What was done, with the lines of an edit; what exactly was asked and answered is one click further. */
function Call({ call }: { readonly call: TurnDetail['calls'][number] }) {
  const { name, input, result } = call
  const { text, status, diff = [] } = actionOf({ name, input, ...(result === undefined ? {} : { result }) })
  return (
    <div class="call">
      <p class="call-head">
        <ToneIcon tone={tones[status]} />
        <span>{shownName(text)}</span>
      </p>
      {diff.length === 0 ? null : <SmallDiff lines={diff} />}
      <details open={status === 'error'}>
        <summary class="small">Request and answer</summary>
        <Output text={input} label={`What ${shownName(name)} was given`} />
        {result === undefined ? null : (
          <Output text={result.text} label={`What ${shownName(name)} answered`} />
        )}
      </details>
    </div>
  )
}

const tones = { running: 'busy', ok: 'good', error: 'bad' } as const
const mostLines = 40
const marks = { added: '+', deleted: '−', context: ' ' } as const

function SmallDiff({ lines }: { readonly lines: readonly DiffLine[] }) {
  const more = lines.length - mostLines
  return (
    <section class="output small-diff" aria-label="What was replaced">
      <pre>
        {lines.slice(0, mostLines).map(({ kind, text }, at) => (
          <span key={at} class={`line-${kind}`}>
            {marks[kind]} {shownLine(text)}
            {'\n'}
          </span>
        ))}
        {more > 0 ? `… ${more} more lines\n` : ''}
      </pre>
    </section>
  )
}
