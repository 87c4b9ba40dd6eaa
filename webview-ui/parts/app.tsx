import { createElement } from 'preact'
import { useEffect, useReducer, useState } from 'preact/hooks'
import { MessageToPanel } from '../../src/contract/webviewMessages.ts'
import { type KeptState, keptFor } from '../model/kept.ts'
import { changed, emptyPanel, type Panel, type PanelChange } from '../model/panel.ts'
import { afterDrawing } from './afterDrawing.ts'
import { Host, type Send } from './host.ts'
import { Review } from './review.tsx'

interface Properties {
  readonly send: Send
  readonly kept: KeptState
  readonly keep: (state: KeptState) => void
}

/** The page: what the extension tells it, and what a person has done to it. */
export function App({ send, kept: atFirst, keep }: Properties) {
  const [panel, change] = useReducer<Panel, PanelChange>(changed, emptyPanel)
  const [own, setOwn] = useState(atFirst)
  useEffect(() => {
    const hear = ({ data }: MessageEvent<unknown>) => {
      const message = MessageToPanel.safeParse(data)
      if (!message.success) return
      change(message.data)
      if (message.data.type === 'turns' && message.data.turns.length < message.data.total)
        afterDrawing(askForOthers)
    }
    let asked = false
    const askForOthers = () => {
      if (!asked) send({ type: 'showTurns' })
      asked = true
    }
    window.addEventListener('message', hear)
    const { digest, dropped } = atFirst
    send({
      type: 'ready',
      ...(digest === undefined || dropped.length === 0 ? {} : { dropped: { digest, parts: dropped } }),
    })
    return () => window.removeEventListener('message', hear)
  }, [send, atFirst])
  const { review } = panel
  const session = review?.session.id
  // The window finds the session again by it.
  useEffect(() => {
    if (session !== undefined && own.session !== session) keep({ ...own, session })
  }, [session, own, keep])
  // The extension forgets what was dropped when the window is loaded again; the page hands it back.
  useEffect(() => {
    if (review === undefined) return
    const before = keptFor(own, review.session.id, review.session.patch?.digest)
    if (sameParts(before.dropped, review.dropped)) return
    const next = { ...before, dropped: review.dropped }
    setOwn(next)
    keep(next)
  }, [review?.dropped])
  if (review === undefined) {
    return (
      <main class="empty" aria-busy={panel.failure === undefined}>
        <p>{panel.failure === undefined ? 'Reading the session…' : panel.failure.message}</p>
      </main>
    )
  }
  const kept = keptFor(own, review.session.id, review.session.patch?.digest)
  const update = (more: Partial<KeptState>) => {
    const next = { ...kept, ...more }
    setOwn(next)
    keep(next)
  }
  const dismiss = () => change({ type: 'dismiss' })
  const content = <Review panel={panel} review={review} kept={kept} update={update} dismiss={dismiss} />
  return createElement(Host.Provider, { value: send }, content)
}

function sameParts(some: KeptState['dropped'], others: KeptState['dropped']): boolean {
  return (
    some.length === others.length &&
    some.every(({ path, hunk }, at) => path === others[at]?.path && hunk === others[at]?.hunk)
  )
}
