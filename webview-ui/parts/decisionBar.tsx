import { useEffect, useRef, useState } from 'preact/hooks'
import { mayDrop, waitsForReview } from '../../src/contract/approval.ts'
import type { PullRequestWording } from '../../src/contract/pullRequest.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { canBeTicked } from '../../src/contract/states/cards.ts'
import type { Situation } from '../../src/contract/states/situation.ts'
import { stateOf } from '../../src/contract/states/state.ts'
import { useHost } from './host.ts'
import { ToneIcon } from './icon.tsx'

interface Properties {
  readonly review: ReviewView
  readonly situation: Situation
  readonly blockers: readonly string[]
  /** Whether something that no tick mends keeps it from being published as things are. */
  readonly unpublishable: boolean
  /** What a person ticked, as an approval carries it. */
  readonly said: {
    readonly acknowledged: readonly string[]
    readonly withoutJudge: boolean
    readonly unverified: boolean
    /** What they want otherwise of the pull request. */
    readonly wording?: PullRequestWording
  }
  /** The question that is open, if any. */
  readonly asking: Asking | undefined
  readonly ask: (asking: Asking | undefined) => void
}

/** A person is asked for a few words, which may stand there already. */
export interface Asking {
  readonly for: 'reject' | 'retry'
  readonly text: string
}

/** What can be done about the session now, always in reach; what cannot says why. */
export function DecisionBar(properties: Properties) {
  const { review, situation, blockers, asking, ask } = properties
  return (
    <section class="decision" aria-label="Decision">
      <div class="decision-row">
        <StateLine
          review={review}
          situation={situation}
          blockers={blockers}
          unpublishable={properties.unpublishable}
          worded={properties.said.wording !== undefined}
        />
        <div class="buttons">
          <Buttons {...properties} />
        </div>
      </div>
      {asking === undefined ? null : <Reason asking={asking} close={() => ask(undefined)} />}
    </section>
  )
}

type StateProperties = Pick<Properties, 'review' | 'situation' | 'blockers' | 'unpublishable'> & {
  readonly worded: boolean
}

function StateLine({ review, situation, blockers, unpublishable, worded }: StateProperties) {
  const { session } = review
  const over = situation.life === 'ended'
  const works = review.pending !== null || stateOf(situation).tone === 'busy'
  const never = situation.life === 'waiting' && !canBeTicked(situation)
  const tone =
    blockers.length === 0
      ? unpublishable
        ? 'warn'
        : 'good'
      : over
        ? 'plain'
        : works
          ? 'busy'
          : never
            ? 'bad'
            : 'warn'
  const text =
    blockers.length === 0
      ? `${unpublishable ? butNotPublished : 'Ready: nothing stands in the way.'}${worded ? ' The pull request goes with your changes.' : ''}`
      : over
        ? overText(session, situation)
        : blockers.join(' ')
  return (
    <p class="state" id="approve-why" aria-live="polite">
      <ToneIcon tone={tone} />
      <span>{text}</span>
    </p>
  )
}

const butNotPublished =
  'Nothing stands in the way of your approval; what keeps it from being published stands in “Pull request”.'

function overText({ outcome }: SessionView, { lacks, elsewhere }: Situation): string {
  if (elsewhere) return 'This session is over. Another machine has it.'
  if (lacks === 'answer') return 'Once the model answers it goes on from here.'
  if (lacks !== undefined) return 'With a key it goes on from here; nothing is installed again.'
  return outcome !== null && retryable.has(outcome)
    ? 'This session is over. Retry starts a new one.'
    : 'This session is over.'
}

const retryable: ReadonlySet<string> = new Set([
  'vetoed',
  'verification-failed',
  'turn-limit',
  'cannot-repair',
  'budget-exceeded',
  'cancelled',
  'interrupted',
  'setup-failed',
  'rejected',
  'awaiting-review',
])

function Buttons(properties: Properties) {
  const { review, situation, ask } = properties
  const { session } = review
  const send = useHost()
  const running = session.outcome === null || !review.settled
  const url = session.pullRequest?.url
  const busy = review.pending !== null
  return (
    <>
      {url?.startsWith('https:') ? (
        <vscode-button onClick={() => send({ type: 'openLink', url })}>Open pull request</vscode-button>
      ) : null}
      {running && !situation.elsewhere ? (
        <vscode-button secondary disabled={busy} onClick={() => send({ type: 'cancel' })}>
          {review.pending === 'cancel' ? 'Cancelling…' : 'Cancel'}
        </vscode-button>
      ) : null}
      {situation.lacks === undefined || situation.elsewhere ? null : (
        <vscode-button
          disabled={busy}
          title="Asks for a key where there is none, and goes on where the session stopped."
          onClick={() => send({ type: 'goOn' })}
        >
          {review.pending === 'retry'
            ? 'Starting…'
            : situation.lacks === 'answer'
              ? 'Go on'
              : 'Set key and go on'}
        </vscode-button>
      )}
      {!running && !situation.elsewhere && session.outcome !== null && retryable.has(session.outcome) ? (
        <vscode-button secondary disabled={busy} onClick={() => ask({ for: 'retry', text: '' })}>
          {review.pending === 'retry' ? 'Starting…' : 'Retry…'}
        </vscode-button>
      ) : null}
      {waitsForReview(review) ? (
        <vscode-button secondary disabled={busy} onClick={() => ask({ for: 'reject', text: '' })}>
          {review.pending === 'reject' ? 'Rejecting…' : 'Reject…'}
        </vscode-button>
      ) : null}
      <TakeBack review={review} />
      {session.patch === null || running || situation.elsewhere || situation.life === 'ended' ? null : (
        <CheckOut review={review} digest={session.patch.digest} />
      )}
      {session.outcome === 'awaiting-review' ? <Approve {...properties} /> : null}
    </>
  )
}

/** After a drop: the patch from before it, with the checks it had. It is what to do where the drop turned out red. */
function TakeBack({ review }: { readonly review: ReviewView }) {
  const send = useHost()
  const { session, earlier, pending } = review
  const digest = session.patch?.digest
  if (earlier === null || digest === undefined || !mayDrop(review)) return null
  const red = session.matrix?.green !== true
  return (
    <vscode-button
      secondary={!(red && earlier.approvable)}
      disabled={pending !== null}
      title="Shows the patch from before the drop again, with the checks and the verdict it had. Nothing runs."
      onClick={() => send({ type: 'takeBack', digest })}
    >
      {pending === 'restore' ? 'Taking them back…' : 'Take the dropped parts back'}
    </vscode-button>
  )
}

interface CheckOutProperties {
  readonly review: ReviewView
  readonly digest: string
}

/** To run it by hand: in a work tree of its own, never in the person's. */
function CheckOut({ review, digest }: CheckOutProperties) {
  const send = useHost()
  return (
    <vscode-button
      secondary
      disabled={review.pending !== null}
      title="Puts the change into a new work tree of the repository and opens it in a new window. Your own stays as it is."
      onClick={() => send({ type: 'checkOut', digest })}
    >
      {review.pending === 'checkOut' ? 'Checking out…' : 'Check out locally'}
    </vscode-button>
  )
}

/** Stays in reach of the keyboard while it is refused, so that the reason is read out. */
function Approve({ review, blockers, said }: Properties) {
  const send = useHost()
  const verify = review.dropped.length > 0
  const digest = review.session.patch?.digest
  const approve = () => {
    if (blockers.length > 0 || digest === undefined) return
    send({ type: 'approve', digest, ...said, acknowledged: [...said.acknowledged] })
  }
  return (
    <>
      {verify && digest !== undefined ? (
        <vscode-button
          disabled={review.pending !== null}
          onClick={() => send({ type: 'verifyDropped', digest })}
        >
          {review.pending === 'verify'
            ? 'Starting…'
            : `Verify without ${review.dropped.length === 1 ? 'it' : 'these'}`}
        </vscode-button>
      ) : null}
      <vscode-button
        class={blockers.length === 0 ? 'approve' : 'approve refused'}
        secondary={verify}
        aria-disabled={blockers.length === 0 ? 'false' : 'true'}
        aria-describedby="approve-why"
        onClick={approve}
      >
        {review.pending === 'approve' ? 'Making the pull request…' : 'Approve and Create PR'}
      </vscode-button>
    </>
  )
}

function Reason({ asking, close }: { readonly asking: Asking; readonly close: () => void }) {
  const send = useHost()
  const [text, setText] = useState(asking.text)
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    setText(asking.text)
    area.current?.focus()
  }, [asking])
  const rejects = asking.for === 'reject'
  const label = rejects
    ? 'Why do you reject it? (optional)'
    : 'What should the agent do differently? (optional)'
  const submit = () => {
    const said = text.trim() === '' ? {} : rejects ? { reason: text } : { note: text }
    send({ type: asking.for, ...said })
    close()
  }
  const hear = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the form wherever the focus is in it
    <div class="reason" onKeyDown={hear}>
      <label class="label" id="reason-label" for="reason">
        {label}
      </label>
      <textarea
        id="reason"
        rows={3}
        maxLength={10_000}
        value={text}
        ref={area}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="buttons">
        <vscode-button secondary onClick={close}>
          Back
        </vscode-button>
        <vscode-button onClick={submit}>{rejects ? 'Reject' : 'Retry'}</vscode-button>
      </div>
    </div>
  )
}
