import { useState } from 'preact/hooks'
import { shownName } from '../../src/contract/shownText.ts'
import type { KeptExchange } from '../model/panel.ts'
import { useHost } from './host.ts'
import { Output } from './text.tsx'

interface Properties {
  readonly index: number
  /** The session has it. */
  readonly kept: boolean
  /** Undefined while nobody asked for it, or it is on its way. */
  readonly exchange: KeptExchange | undefined
}

/** What exactly was sent to the model in a turn, and what exactly came back; read once somebody opens it. */
export function Exchange({ index, kept, exchange }: Properties) {
  const send = useHost()
  const [open, setOpen] = useState(false)
  if (!kept) return <p class="small">The exact request and reply of this turn were not kept.</p>
  const toggle = (now: boolean) => {
    setOpen(now)
    if (now && exchange === undefined) send({ type: 'showExchange', index })
  }
  return (
    <details class="exchange" onToggle={({ currentTarget }) => toggle(currentTarget.open)}>
      <summary class="small">Exact request and reply</summary>
      {open ? <Parts index={index} exchange={exchange} /> : null}
    </details>
  )
}

function Parts({ index, exchange }: Omit<Properties, 'kept'>) {
  const send = useHost()
  if (exchange === undefined) return <p class="small">Reading…</p>
  const { parts, problem } = exchange
  if (problem !== undefined) return <p class="small">It cannot be read: {shownName(problem)}</p>
  return (
    <>
      {parts.map(({ title, text }, at) => (
        <Part key={at} title={title} text={text} />
      ))}
      <button type="button" class="link" onClick={() => send({ type: 'openExchange', index })}>
        Open it whole in the editor
      </button>
    </>
  )
}

function Part({ title, text }: KeptExchange['parts'][number]) {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="small">{shownName(title)}</summary>
      {open ? <Output text={text} label={title} /> : null}
    </details>
  )
}
