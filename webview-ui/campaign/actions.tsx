import type { CampaignAction } from '../../src/contract/fleet/actions.ts'
import type { CampaignAsked, CampaignShown } from '../../src/contract/fleet/page.ts'

interface Properties {
  readonly shown: CampaignShown
  readonly send: (message: CampaignAsked) => void
}

interface Words {
  readonly title: string
  /** What it does, for whoever hesitates. */
  readonly what: string
}

function wordsOf(action: CampaignAction, failed: number): Words {
  switch (action) {
    case 'pause':
      return { title: 'Pause', what: 'Begin nothing more; what runs ends' }
    case 'resume':
      return { title: 'Resume', what: 'Go on where it stopped' }
    case 'pass-canaries':
      return { title: 'Begin the Rest', what: 'Let the rest begin, whatever the canaries came to' }
    case 'retry':
      return { title: `Retry Failed (${failed})`, what: 'Begin those again whose sessions failed' }
    case 'cancel':
      return { title: 'Cancel', what: 'End what runs, and begin nothing more' }
  }
}

const pendingWords: Readonly<Record<Exclude<CampaignShown['pending'], null>, string>> = {
  pause: 'Pausing…',
  resume: 'Going on…',
  'pass-canaries': 'Letting the rest begin…',
  retry: 'Beginning again…',
  cancel: 'Cancelling…',
  report: 'Writing the report…',
}

/** Only what is possible now; while one of them is carried out, none. */
export function Actions({ shown: { actions, failed, pending }, send }: Properties) {
  return (
    <div class="actions" role="toolbar" aria-label="Campaign">
      {actions.map((action) => {
        const { title, what } = wordsOf(action, failed)
        return (
          <button
            key={action}
            type="button"
            class={action === 'resume' || action === 'pass-canaries' ? 'first' : ''}
            title={what}
            disabled={pending !== null}
            onClick={() => send({ type: 'act', action })}
          >
            {title}
          </button>
        )
      })}
      <button
        type="button"
        title="Save it as one page that loads nothing"
        disabled={pending !== null}
        onClick={() => send({ type: 'report' })}
      >
        Report…
      </button>
      <span role="status" class="small">
        {pending === null ? '' : pendingWords[pending]}
      </span>
    </div>
  )
}
