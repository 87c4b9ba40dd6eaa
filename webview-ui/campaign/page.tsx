import { useEffect, useState } from 'preact/hooks'
import type {
  CampaignAsked,
  CampaignSaid,
  CampaignShown,
  CampaignTrouble,
} from '../../src/contract/fleet/page.ts'
import type { CampaignReport } from '../../src/contract/fleet/report.ts'
import { carriedLines, minute, progressLine } from '../../src/contract/fleet/reportWords.ts'
import { shownName, shownText } from '../../src/contract/shownText.ts'
import { Actions } from './actions.tsx'
import { BurnDown } from './burnDown.tsx'
import { Repositories } from './repositories.tsx'
import { Caps, Causes, NotReached, Outcomes } from './tables.tsx'

interface Properties {
  readonly send: (message: CampaignAsked) => void
}

/** One campaign: what may be done with it, what it came to, what it cost, and every repository of it. */
export function Page({ send }: Properties) {
  const [shown, setShown] = useState<CampaignShown>()
  const [trouble, setTrouble] = useState<CampaignTrouble>()
  useEffect(() => {
    const hear = ({ data }: MessageEvent<CampaignSaid>) => {
      if (data.type === 'trouble') return setTrouble(data)
      setShown(data)
      // What was refused stays until something else is asked for.
      setTrouble((before) => (before?.kind === 'refused' && data.pending === null ? before : undefined))
    }
    window.addEventListener('message', hear)
    send({ type: 'ready' })
    return () => window.removeEventListener('message', hear)
  }, [send])
  if (trouble !== undefined && trouble.kind !== 'refused')
    return (
      <main class="empty">
        <h1>{trouble.kind === 'gone' ? 'No such campaign' : 'This campaign cannot be read'}</h1>
        <p role="alert">{shownText(trouble.text)}</p>
      </main>
    )
  if (shown === undefined)
    return (
      <main class="empty">
        <p role="status">Reading the campaign…</p>
      </main>
    )
  return (
    <main>
      <Head report={shown.report} />
      {trouble === undefined ? null : (
        <p role="alert" class="note bad">
          {shownText(trouble.text)}
        </p>
      )}
      <Actions shown={shown} send={send} />
      <Body shown={shown} send={send} />
    </main>
  )
}

function Head({ report }: { readonly report: CampaignReport }) {
  const { name, task, stage, waitsFor, updatedAt } = report
  return (
    <header>
      <h1>{shownName(name)}</h1>
      <p class="task">{shownName(task)}</p>
      <p class="facts" role="status">
        <span>
          Stage: <strong>{stage}</strong>
        </span>
        <span>{progressLine(report)}</span>
        <span>As of {minute(updatedAt)}</span>
      </p>
      {waitsFor === null ? null : <p class="note">Waits for {shownName(waitsFor)}</p>}
    </header>
  )
}

function Body({ shown, send }: { readonly shown: CampaignShown; readonly send: Properties['send'] }) {
  const { report, here } = shown
  const { repositories, unreachable } = report
  return (
    <>
      {repositories === 0 ? (
        <p class="empty">
          This campaign has no repository{unreachable.length > 0 ? ' that was reached' : ''}.
        </p>
      ) : (
        <>
          <div class="pair">
            <Outcomes report={report} />
            <Caps report={report} />
          </div>
          <BurnDown report={report} />
        </>
      )}
      <Carried report={report} />
      <Causes causes={report.causes} />
      <NotReached unreachable={unreachable} />
      {repositories === 0 ? null : <Repositories rows={report.rows} here={here} send={send} />}
    </>
  )
}

function Carried({ report: { carried } }: { readonly report: CampaignReport }) {
  if (carried === null) return null
  return (
    <section aria-labelledby="carried">
      <h2 id="carried">How far the codemod carried</h2>
      {carriedLines(carried).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  )
}
