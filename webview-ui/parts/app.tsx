import { createElement } from 'preact'
import { useEffect, useReducer, useState } from 'preact/hooks'
import { MessageToPanel } from '../../src/contract/webviewMessages.ts'
import { type KeptState, keptFor } from '../model/kept.ts'
import { changed, emptyPanel, type Panel, type PanelChange } from '../model/panel.ts'
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
      if (message.success) change(message.data)
    }
    window.addEventListener('message', hear)
    send({ type: 'ready' })
    return () => window.removeEventListener('message', hear)
  }, [send])
  const { review } = panel
  const session = review?.session.id
  // The window finds the session again by it.
  useEffect(() => {
    if (session !== undefined && own.session !== session) keep({ ...own, session })
  }, [session, own, keep])
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
