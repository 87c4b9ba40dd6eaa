import type { Failure } from '../../src/contract/failure.ts'
import { nextInEditor, remediesOf, remedyTitles } from '../../src/contract/inEditor.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { shownText } from '../../src/contract/shownText.ts'
import { alarms, stateIn } from '../model/headline.ts'
import { useHost } from './host.ts'
import { Icon } from './icon.tsx'

interface Properties {
  readonly review: ReviewView
  readonly failure: Failure | undefined
  readonly dismiss: () => void
}

/** What nobody may overlook: a session that proves nothing, and a request that failed. */
export function Alarms({ review, failure, dismiss }: Properties) {
  const send = useHost()
  const said = alarms(review)
  // As loud as the state that it explains, and no louder.
  const tone = stateIn(review).tone === 'bad' ? 'bad' : 'warn'
  const { session } = review
  // A key is asked for where the decision is made; what the editor can do beside that is offered here.
  const remedies = session.failure === null ? [] : remediesOf(session.failure.code)
  const offered = remedies.filter((one) => one !== 'setKey')
  if (said.length === 0 && failure === undefined) return null
  return (
    <section class="alarms" aria-label="Alarms">
      {said.map((text) => (
        <p key={text} class={`alarm outline-${tone}`}>
          <Icon name="warn" tone={tone} />
          <strong>{shownText(text)}</strong>
        </p>
      ))}
      {said.length === 0 || offered.length === 0 ? null : (
        <div class="buttons">
          {offered.map((remedy) => (
            <vscode-button key={remedy} secondary onClick={() => send({ type: 'mend', remedy })}>
              {remedyTitles[remedy]}
            </vscode-button>
          ))}
        </div>
      )}
      {failure === undefined ? null : (
        <div class="alarm" role="alert">
          <Icon name="bad" tone="bad" />
          <span>
            <strong>{shownText(failure.message)}</strong> {shownText(nextInEditor(failure))}
          </span>
          {remediesOf(failure.code).map((remedy) => (
            <vscode-button key={remedy} secondary onClick={() => send({ type: 'mend', remedy })}>
              {remedyTitles[remedy]}
            </vscode-button>
          ))}
          <vscode-button secondary onClick={dismiss}>
            Dismiss
          </vscode-button>
        </div>
      )}
    </section>
  )
}
