import type { Failure } from '../../src/contract/failure.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { shownText } from '../../src/contract/shownText.ts'
import { alarms } from '../model/headline.ts'
import { Icon } from './icon.tsx'

interface Properties {
  readonly review: ReviewView
  readonly failure: Failure | undefined
  readonly dismiss: () => void
}

/** What nobody may overlook: a session that proves nothing, and a request that failed. */
export function Alarms({ review, failure, dismiss }: Properties) {
  const said = alarms(review)
  if (said.length === 0 && failure === undefined) return null
  return (
    <section class="alarms" aria-label="Alarms">
      {said.map((text) => (
        <p key={text} class="alarm">
          <Icon name="warn" tone="bad" />
          <strong>{shownText(text)}</strong>
        </p>
      ))}
      {failure === undefined ? null : (
        <div class="alarm" role="alert">
          <Icon name="bad" tone="bad" />
          <span>
            <strong>{shownText(failure.message)}</strong> {shownText(failure.next)}
          </span>
          <vscode-button secondary onClick={dismiss}>
            Dismiss
          </vscode-button>
        </div>
      )}
    </section>
  )
}
