import { isAsked } from '../../src/contract/approval.ts'
import { placeLine } from '../../src/contract/places.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { sessionTitle } from '../../src/contract/sessionTitle.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { stageTitle } from '../../src/contract/stageTitle.ts'
import { dollars, duration, type Fact, outcomeFact, proofFacts, testFacts } from '../model/headline.ts'
import { ToneIcon } from './icon.tsx'

interface Properties {
  readonly review: ReviewView
  readonly toTick: number
}

/** The whole session in one look: what changed, is it green, what the judge says, what is left to tick. */
export function Header({ review, toTick }: Properties) {
  const { session } = review
  const outcome = outcomeFact(review)
  return (
    <header class="head">
      <p class={`outcome outline-${outcome.tone}`}>
        <ToneIcon tone={outcome.tone} />
        {outcome.text}
      </p>
      <h1>{shownName(sessionTitle(session))}</h1>
      <Meta session={session} />
      <dl class="answer">
        <Changes session={session} />
        <Checks review={review} />
        <Judgement session={session} />
        <Ticks session={session} toTick={toTick} />
      </dl>
    </header>
  )
}

function Meta({ session }: { readonly session: SessionView }) {
  const { task, costUsd, turns, createdAt, updatedAt } = session
  const { root, baseCommit, branch } = task.repository
  const folder = root.split(/[/\\]/).findLast((name) => name !== '') ?? root
  const at = `${branch === undefined ? '' : `${branch} at `}${baseCommit.slice(0, 8)}`
  const parts = [
    shownName(folder),
    shownName(at),
    duration(Date.parse(updatedAt) - Date.parse(createdAt)),
    dollars(costUsd),
    turns === 0 ? 'no agent turn' : turns === 1 ? '1 agent turn' : `${turns} agent turns`,
  ]
  return (
    <ul class="meta" aria-label="About the session">
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  )
}

function Answer({ term, facts }: { readonly term: string; readonly facts: readonly Fact[] }) {
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

function Changes({ session }: { readonly session: SessionView }) {
  const { patch, outcome } = session
  if (patch === null || patch.files.length === 0)
    return <Answer term="Change" facts={[{ tone: 'plain', text: outcome === null ? 'None yet' : 'None' }]} />
  const added = patch.files.reduce((sum, { additions }) => sum + additions, 0)
  const deleted = patch.files.reduce((sum, { deletions }) => sum + deletions, 0)
  const files = patch.files.length === 1 ? '1 file' : `${patch.files.length} files`
  const by = {
    update: 'by the update alone',
    repair: 'repaired by the agent',
    reviewer: 'parts dropped by you',
  }
  return (
    <Answer
      term="Change"
      facts={[
        { tone: 'plain', text: `${files}, +${added} −${deleted}` },
        { tone: 'plain', text: by[patch.source] },
        ...resolvedFacts(session),
      ]}
    />
  )
}

/** What was read back of every manifest; all of it stands in the pull request. */
function resolvedFacts({ places = [] }: SessionView): readonly Fact[] {
  const facts = places.slice(0, 4).map((place): Fact => ({ tone: 'plain', text: placeLine(place) }))
  const more = places.length - facts.length
  return more > 0 ? [...facts, { tone: 'plain', text: `… and ${more} more manifests` }] : facts
}

function Checks({ review: { session, settled } }: { readonly review: ReviewView }) {
  const { matrix, stages, reports } = session
  const running = stages.findLast(({ status }) => status === 'running')
  if (running !== undefined && (session.outcome === null || !settled)) {
    const { name: stage, role, attempt, progress } = running
    const facts: Fact[] = [{ tone: 'busy', text: stageTitle({ stage, role, attempt }) }]
    if (progress !== undefined) facts.push({ tone: 'plain', text: progress.message })
    return <Answer term="Now" facts={facts} />
  }
  if (matrix === null) {
    const text = Object.keys(reports).length === 0 ? 'None ran' : 'Not finished'
    return <Answer term="Checks" facts={[{ tone: 'warn', text }]} />
  }
  const tests = testFacts(matrix).map(({ text }) => text)
  const facts: readonly Fact[] = [
    ...proofFacts(matrix),
    ...(tests.length === 0 ? [] : [{ tone: 'plain' as const, text: tests.join(', ') }]),
  ]
  return <Answer term="Checks" facts={facts} />
}

function Judgement({ session: { verdict, outcome } }: { readonly session: SessionView }) {
  if (verdict === null) {
    const text = outcome === null ? 'Not asked yet' : 'Not asked'
    return <Answer term="Judge" facts={[{ tone: 'plain', text }]} />
  }
  const facts: Record<typeof verdict.decision, Fact> = {
    approve: { tone: 'good', text: 'Approves' },
    veto: { tone: 'bad', text: 'Vetoes' },
    'not-judged': { tone: 'warn', text: 'Not judged' },
  }
  return <Answer term="Judge" facts={[facts[verdict.decision], { tone: 'plain', text: verdict.summary }]} />
}

function Ticks({ session, toTick }: { readonly session: SessionView; readonly toTick: number }) {
  const all = session.warnings.length
  if (all === 0) return <Answer term="Warnings" facts={[{ tone: 'good', text: 'None' }]} />
  if (!isAsked(session)) {
    return <Answer term="Warnings" facts={[{ tone: 'warn', text: String(all) }]} />
  }
  const open: Fact =
    toTick === 0 ? { tone: 'good', text: 'All ticked' } : { tone: 'warn', text: `${toTick} to tick` }
  return (
    <Answer
      term="Warnings"
      facts={[open, { tone: 'plain', text: all === 1 ? '1 in all' : `${all} in all` }]}
    />
  )
}
