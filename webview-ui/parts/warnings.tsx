import { lacksJudge, needsWord, takenOn, toAcknowledge, waitsForReview } from '../../src/contract/approval.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { canBeTicked } from '../../src/contract/states/cards.ts'
import type { Situation } from '../../src/contract/states/situation.ts'
import { linkedWarning, testWish } from '../../src/contract/warnedPlaces.ts'
import { moreText } from '../../src/contract/whyRows.ts'
import type { KeptState } from '../model/kept.ts'
import type { Asking } from './decisionBar.tsx'
import { useHost } from './host.ts'
import { Icon } from './icon.tsx'
import { Tick } from './tick.tsx'

interface Properties {
  readonly review: ReviewView
  readonly situation: Situation
  readonly kept: KeptState
  readonly update: (more: Partial<KeptState>) => void
  readonly ask: (asking: Asking) => void
}

/** What a person must look at, one by one, before the patch can be approved. */
export function Warnings({ review, situation, kept, update, ask }: Properties) {
  const { session } = review
  const open = waitsForReview(review) && canBeTicked(situation)
  const works = situation.life === 'queued' || situation.life === 'running' || situation.life === 'checking'
  const unjudged = open && lacksJudge(session)
  const must = toAcknowledge(session)
  const notices = session.warnings.filter(({ severity }) => severity === 'notice')
  const unproven = open && needsWord(session)
  if (must.length === 0 && notices.length === 0 && !unjudged && !unproven) return null
  const retry = open ? (text: string) => ask({ for: 'retry', text }) : undefined
  const tick = (code: string, on: boolean) => {
    const others = kept.ticked.filter((other) => other !== code)
    update({ ticked: on ? [...others, code] : others })
  }
  return (
    <section class="warnings" aria-labelledby="warnings-title">
      <h2 id="warnings-title">{title(must.length + Number(unjudged) + Number(unproven), { open, works })}</h2>
      <ul>
        {unproven ? (
          <li class="warning">
            <Tick
              checked={kept.unverified}
              disabled={!open}
              onChange={(unverified) => update({ unverified })}
              label={takenOn(session)}
            />
          </li>
        ) : null}
        {unjudged ? (
          <li class="warning">
            <Tick
              checked={kept.withoutJudge}
              disabled={!open}
              onChange={(withoutJudge) => update({ withoutJudge })}
              label="No judge looked at this change. I take it on myself."
            />
          </li>
        ) : null}
        {must.map((warning) => (
          <Warned
            key={warning.code}
            warning={warning}
            open={open}
            over={!open}
            ticked={kept.ticked.includes(warning.code)}
            tick={tick}
            retry={retry}
          />
        ))}
        {notices.map((warning) => (
          <li key={warning.code} class="warning notice">
            <Icon name="plain" />
            <span>
              {shownName(linkedWarning(warning).text)} <Places warning={warning} retry={retry} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface WarnedProperties {
  readonly warning: SessionView['warnings'][number]
  readonly open: boolean
  /** Nobody can tick it any more. */
  readonly over: boolean
  readonly ticked: boolean
  readonly tick: (code: string, on: boolean) => void
  /** Asks for a new try with these words; undefined where none can be begun from here. */
  readonly retry: Retry | undefined
}

type Retry = (text: string) => void

function Warned({ warning, open, over, ticked, tick, retry }: WarnedProperties) {
  const send = useHost()
  const { code, path, acknowledged } = warning
  const text = shownName(linkedWarning(warning).text)
  return (
    <li class={over && !acknowledged ? 'warning notice' : 'warning'}>
      {over && !acknowledged ? (
        <>
          <Icon name="warn" />
          <span>{text}</span>
        </>
      ) : (
        <Tick
          checked={open ? ticked : acknowledged}
          disabled={!open}
          onChange={(on) => tick(code, on)}
          label={text}
        />
      )}
      <span class="kind">{shownName(kindOf(code))}</span>
      {path === undefined ? null : (
        <button type="button" class="link" onClick={() => send({ type: 'openFile', path })}>
          Show<span class="unseen"> {shownName(path)}</span>
        </button>
      )}
      <Places warning={warning} retry={retry} />
    </li>
  )
}

type PlacesProperties = Pick<WarnedProperties, 'warning' | 'retry'>

/** The lines that a warning is about, which open where they stand, and what an agent could be asked about them. */
function Places({ warning, retry }: PlacesProperties) {
  const send = useHost()
  const { places, more } = linkedWarning(warning)
  const wish = testWish(warning)
  if (places.length === 0) return null
  return (
    <span class="places">
      {places.map(({ path, line }) => (
        <button
          key={`${path}:${line}`}
          type="button"
          class="link"
          onClick={() => send({ type: 'openWarned', path, line })}
        >
          {shownName(`${path}:${line}`)}
        </button>
      ))}
      {more === 0 ? null : <span class="small">{moreText(more, 'line')}</span>}
      {wish === undefined || retry === undefined ? null : (
        <button type="button" class="link" onClick={() => retry(wish)}>
          Retry with a test…
        </button>
      )}
    </span>
  )
}

function title(must: number, { open, works }: { readonly open: boolean; readonly works: boolean }): string {
  if (must === 0) return works ? 'Notices so far' : 'Notices'
  if (works) return 'Warnings so far'
  return open ? 'Look at these before you approve' : 'Warnings'
}

/** `protected-path:a/b` is about a protected path. */
function kindOf(code: string): string {
  return (code.split(':', 1)[0] ?? code).replaceAll('-', ' ')
}
