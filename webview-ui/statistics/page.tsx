import { useEffect, useState } from 'preact/hooks'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import type {
  Dashboard,
  Shown,
  StatisticsFailed,
  StatisticsMessage,
} from '../../src/contract/statistics/dashboard.ts'
import { figureLines, notCounted, outcomeName } from '../../src/contract/statistics/words.ts'
import { Charts } from './charts.tsx'
import { Choices } from './choices.tsx'
import { Groups, Outcomes, Sessions, Stages } from './tables.tsx'

const atFirst: Shown = { span: 'all', by: 'package', group: null, outcome: null }

/** Figures over all sessions: choices, figures, charts with their tables, and the sessions behind them. */
export function Page({ send }: { readonly send: (message: StatisticsMessage) => void }) {
  const [shown, setShown] = useState(atFirst)
  const [board, setBoard] = useState<Dashboard>()
  const [failed, setFailed] = useState<string>()
  useEffect(() => {
    const hear = ({ data }: MessageEvent<Dashboard | StatisticsFailed>) => {
      if (data.type === 'statistics') setBoard(data)
      setFailed(data.type === 'failed' ? data.text : undefined)
    }
    window.addEventListener('message', hear)
    send({ type: 'show', shown: atFirst, fresh: true })
    return () => window.removeEventListener('message', hear)
  }, [send])
  const choose = (more: Partial<Shown>, fresh = false) => {
    const next = { ...shown, ...more }
    setShown(next)
    send({ type: 'show', shown: next, fresh })
  }
  if (failed !== undefined)
    return (
      <main class="empty">
        <p role="alert">{shownText(failed)}</p>
      </main>
    )
  if (board === undefined) return <main class="empty">Reading the sessions…</main>
  return (
    <main>
      <h1>Statistics</h1>
      <Choices shown={shown} choose={choose} />
      <Head board={board} choose={choose} />
      {board.all.sessions === 0 ? null : (
        <>
          <Figures board={board} />
          <Charts weeks={board.weeks} />
          <div class="pair">
            <Outcomes figures={board.all} chosen={shown.outcome} choose={choose} />
            <Stages figures={board.all} />
          </div>
        </>
      )}
      <Groups board={board} choose={choose} />
      <Sessions board={board} open={(session) => send({ type: 'open', session })} />
    </main>
  )
}

interface HeadProperties {
  readonly board: Dashboard
  readonly choose: (more: Partial<Shown>) => void
}

/** What is counted, and what is not. */
function Head({ board, choose }: HeadProperties) {
  const { all, shown, reruns, imported, damaged } = board
  const asides = notCounted(reruns, imported, damaged)
  return (
    <p class="counted" role="status">
      <strong>{all.sessions === 1 ? '1 session' : `${all.sessions.toLocaleString('en')} sessions`}</strong>
      {shown.group === null ? null : (
        <button type="button" class="chip" onClick={() => choose({ group: null })}>
          {shown.by}: {shownName(shown.group)} <span aria-hidden="true">×</span>
          <span class="unseen">, count all again</span>
        </button>
      )}
      {shown.outcome === null ? null : (
        <button type="button" class="chip" onClick={() => choose({ outcome: null })}>
          outcome: {outcomeName(shown.outcome)} <span aria-hidden="true">×</span>
          <span class="unseen">, count all again</span>
        </button>
      )}
      <span class="small">{asides.join('; ')}</span>
    </p>
  )
}

function Figures({ board }: { readonly board: Dashboard }) {
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">Figures</h2>
      <dl class="figures">
        {figureLines(board.all).map(([what, value]) => (
          <div key={what} class={what.startsWith(' ') ? 'part' : ''}>
            <dt>{what.trim()}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="small">Intervals are of 95 %, by Wilson.</p>
    </section>
  )
}
