import { useEffect, useState } from 'preact/hooks'
import type { Moment, PastPatch } from '../../src/contract/moments.ts'
import { money } from '../../src/contract/money.ts'
import { makers } from '../../src/contract/patchMakers.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { duration } from '../model/headline.ts'
import type { Panel } from '../model/panel.ts'
import { afterDrawing } from './afterDrawing.ts'
import { useHost } from './host.ts'
import { Output } from './text.tsx'

interface Properties {
  readonly panel: Panel
  readonly session: SessionView
}

/** Goes back through a session: at each moment the patch, the tests and the spend as they were. */
export function Scrubber({ panel, session }: Properties) {
  const send = useHost()
  // Null: the last moment, whatever comes.
  const [chosen, choose] = useState<number | null>(null)
  const { outcome, stages, turns } = session
  const done = stages.filter(({ status }) => status !== 'running').length
  // What the session is now comes first.
  useEffect(() => afterDrawing(() => send({ type: 'showPast' })), [send, outcome, done, turns])
  const moments = panel.past?.moments ?? []
  const last = moments.length - 1
  const at = Math.min(chosen ?? last, last)
  const moment = moments[at]
  const digest = chosen === null ? null : (moment?.patch ?? null)
  useEffect(() => {
    if (digest !== null && !panel.pastPatches.has(digest)) send({ type: 'showPastPatch', digest })
  }, [digest, panel.pastPatches, send])
  const first = moments[0]
  if (moment === undefined || first === undefined || last < 1) return null
  const to = (next: number) => choose(next >= last ? null : Math.max(0, next))
  const since = Date.parse(moment.time) - Date.parse(first.time)
  return (
    <section class="scrubber" aria-label="Back in time">
      <div class="scrubber-line">
        <button type="button" onClick={() => to(at - 1)} disabled={at === 0} aria-label="One moment back">
          ‹
        </button>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-label="Moment of the session"
          aria-valuetext={`${at + 1} of ${moments.length}: ${moment.what}`}
          onInput={({ currentTarget }) => to(Number(currentTarget.value))}
        />
        <button type="button" onClick={() => to(at + 1)} disabled={at === last} aria-label="One moment on">
          ›
        </button>
        <span class="small">
          {at + 1} of {moments.length}, after {duration(Math.max(0, since))}
        </span>
      </div>
      <Facts moment={moment} isLast={at === last} />
      {chosen === null ? null : (
        <Patch
          patch={panel.past?.patches.find((patch) => patch.digest === digest)}
          text={digest === null ? undefined : panel.pastPatches.get(digest)}
        />
      )}
    </section>
  )
}

function Facts({ moment, isLast }: { readonly moment: Moment; readonly isLast: boolean }) {
  const { what, turns, costUsd, tests, outcome } = moment
  const untested = outcome === null ? 'no tests run yet' : 'no tests were run'
  return (
    <p class="scrubber-facts">
      <strong>{shownName(what)}</strong>
      <span>{turns === 1 ? '1 turn' : `${turns} turns`}</span>
      <span>{money(costUsd)} spent</span>
      <span>{tests === '' ? untested : shownName(tests)}</span>
      {isLast ? null : <span class="small">as it was then</span>}
    </p>
  )
}

function Patch({
  patch,
  text,
}: {
  readonly patch: PastPatch | undefined
  readonly text: string | undefined
}) {
  if (patch === undefined) return <p class="small">There was no patch yet.</p>
  return (
    <>
      <ul class="scrubber-files">
        {patch.files.map(({ path, additions, deletions }) => (
          <li key={path}>
            <code>{shownName(path)}</code> <span class="small">{`+${additions} −${deletions}`}</span>
          </li>
        ))}
      </ul>
      {text === undefined ? (
        <p class="small">Reading the patch…</p>
      ) : (
        <Output text={text} label={`The patch by ${makers[patch.source]}, as it was then`} />
      )}
    </>
  )
}
