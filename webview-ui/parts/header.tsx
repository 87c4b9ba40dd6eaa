import { type CodemodView, codemodLine } from '../../src/contract/codemod.ts'
import { money } from '../../src/contract/money.ts'
import { placeLine } from '../../src/contract/places.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { sessionTitle } from '../../src/contract/sessionTitle.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { type Card, checksCard, judgeCard, warningsCard } from '../../src/contract/states/cards.ts'
import type { Situation } from '../../src/contract/states/situation.ts'
import { workedMs } from '../../src/contract/states/stages.ts'
import { stateOf } from '../../src/contract/states/state.ts'
import type { Fact } from '../../src/contract/states/tone.ts'
import { duration } from '../model/headline.ts'
import { useHost } from './host.ts'
import { ToneIcon } from './icon.tsx'

interface Properties {
  readonly review: ReviewView
  readonly situation: Situation
}

/** The whole session in one look: what changed, is it green, what the judge says, what is left to tick. */
export function Header({ review, situation }: Properties) {
  const { session } = review
  const state = stateOf(situation)
  return (
    <header class="head">
      <p class={`outcome outline-${state.tone}`}>
        <ToneIcon tone={state.tone} />
        {state.title}
      </p>
      <h1>{shownName(sessionTitle(session))}</h1>
      <Meta session={session} />
      <dl class="answer">
        <Answer {...changesCard(session, situation)} />
        <Answer {...checksCard(session, situation)} />
        <Answer {...judgeCard(session, situation)} />
        <Answer {...warningsCard(session, situation)} />
      </dl>
    </header>
  )
}

function Meta({ session }: { readonly session: SessionView }) {
  const send = useHost()
  const { task, costUsd, turns } = session
  const { root, baseCommit, branch } = task.repository
  const folder = root.split(/[/\\]/).findLast((name) => name !== '') ?? root
  const at = `${branch === undefined ? '' : `${branch} at `}${baseCommit.slice(0, 8)}`
  const parts = [
    shownName(folder),
    shownName(at),
    duration(workedMs(session)),
    money(costUsd),
    turns === 0 ? 'no agent turn' : turns === 1 ? '1 agent turn' : `${turns} agent turns`,
  ]
  return (
    <ul class="meta" aria-label="About the session">
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
      {task.retry === undefined ? null : (
        <li>
          <button type="button" class="link" onClick={() => send({ type: 'showEarlier' })}>
            The try before
          </button>
        </li>
      )}
    </ul>
  )
}

function Answer({ term, facts }: Card) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      {facts.map(({ tone, text }) => (
        <dd key={text}>
          <ToneIcon tone={tone} />
          <span>{shownName(text)}</span>
        </dd>
      ))}
    </div>
  )
}

function changesCard(session: SessionView, { life }: Situation): Card {
  const { patch } = session
  const works = life === 'queued' || life === 'running'
  if (patch === null || patch.files.length === 0)
    return { term: 'Change', facts: [{ tone: 'plain', text: works ? 'None yet' : 'None' }] }
  const added = patch.files.reduce((sum, { additions }) => sum + additions, 0)
  const deleted = patch.files.reduce((sum, { deletions }) => sum + deletions, 0)
  const files = patch.files.length === 1 ? '1 file' : `${patch.files.length} files`
  const by = {
    update: works ? 'by the update, so far' : 'by the update alone',
    codemod: 'by the update and a codemod',
    repair: byAgents(session),
    reviewer: 'parts dropped by you',
  }
  return {
    term: 'Change',
    facts: [
      { tone: 'plain', text: `${files}, +${added} −${deleted}` },
      {
        tone: 'plain',
        text: session.task.kind === 'dependency-update' ? by[patch.source] : byAgent[patch.source],
      },
      ...(session.codemod === undefined
        ? []
        : [{ tone: 'plain' as const, text: codemodText(session.codemod) }]),
      ...resolvedFacts(session),
    ],
  }
}

/** An agent that goes on from a codemod's change is not alone in it. */
function byAgents({ codemod }: SessionView): string {
  return codemod?.result === 'partly'
    ? 'by the update, a codemod and the agent'
    : 'by the update and the agent'
}

/** Why it covered less than all stands in the pull request and in the terminal. */
function codemodText({ detail: _, ...codemod }: CodemodView): string {
  return `Codemod: ${codemodLine(codemod)}`
}

/** Of a task without an update. */
const byAgent = {
  update: 'by the agent',
  codemod: 'by a codemod',
  repair: 'by the agent',
  reviewer: 'parts dropped by you',
}

/** What was read back of every manifest; all of it stands in the pull request. */
function resolvedFacts({ places = [] }: SessionView): readonly Fact[] {
  const facts = places.slice(0, 4).map((place): Fact => ({ tone: 'plain', text: placeLine(place) }))
  const more = places.length - facts.length
  return more > 0 ? [...facts, { tone: 'plain', text: `… and ${more} more manifests` }] : facts
}
