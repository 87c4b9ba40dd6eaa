import type { Failure } from '../../src/contract/failure.ts'
import { badges, doubt, proofLine, standing } from '../../src/contract/proof.ts'
import type { Label, Matrix } from '../../src/contract/report.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'

/** How good or bad it is; an icon and a word go with each, never a colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'busy'

export interface Fact {
  readonly tone: Tone
  readonly text: string
}

const outcomes: Readonly<Record<NonNullable<SessionView['outcome']>, Fact>> = {
  'awaiting-review': { tone: 'warn', text: 'Waiting for review' },
  published: { tone: 'good', text: 'Pull request open' },
  rejected: { tone: 'plain', text: 'Rejected' },
  'up-to-date': { tone: 'good', text: 'Up to date' },
  vetoed: { tone: 'bad', text: 'Vetoed by the judge' },
  'verification-failed': { tone: 'bad', text: 'Verification failed' },
  'turn-limit': { tone: 'bad', text: 'Turn limit reached' },
  'cannot-repair': { tone: 'bad', text: 'The agent gave up' },
  'budget-exceeded': { tone: 'bad', text: 'Budget used up' },
  cancelled: { tone: 'plain', text: 'Cancelled' },
  interrupted: { tone: 'bad', text: 'Interrupted' },
  'setup-failed': { tone: 'bad', text: 'Set-up failed' },
  merged: { tone: 'good', text: 'Merged' },
  closed: { tone: 'plain', text: 'Closed' },
}

export function outcomeFact({ session, settled }: ReviewView): Fact {
  if (session.outcome === null) return { tone: 'busy', text: 'Running' }
  if (!settled) return { tone: 'busy', text: 'Verifying again' }
  return outcomes[session.outcome]
}

/** In the order a person asks: what went wrong first. */
const told: readonly (readonly [Label, Tone, string])[] = [
  ['regressed', 'bad', 'regressed'],
  ['broken', 'bad', 'broken'],
  ['not run', 'warn', 'not run'],
  ['removed', 'warn', 'removed'],
  ['flaky', 'warn', 'flaky'],
  ['repaired', 'good', 'repaired'],
  ['new', 'plain', 'new'],
  ['already failing', 'plain', 'already failing'],
]

/** The matrix in one line: `12 repaired, 0 regressed, 2 already failing, 340 passing`. */
export function testFacts(matrix: Matrix): readonly Fact[] {
  const { counts } = matrix
  // Where no test has a name there is nothing to count.
  if (Object.values(counts).every((count) => count === 0)) return []
  const seen = told.filter(([label]) => counts[label] > 0 || label === 'regressed')
  return [
    ...seen.map(
      ([label, tone, text]): Fact => ({
        tone: counts[label] > 0 ? tone : 'good',
        text: `${counts[label]} ${text}`,
      }),
    ),
    { tone: 'plain', text: `${counts.passing} passing` },
  ]
}

/** What stands in the way of trusting the session at all; said at the top. */
export function alarms({ session }: ReviewView): readonly string[] {
  const { matrix, verdict, outcome, failure, reason } = session
  const reviewable = outcome === 'awaiting-review'
  return [
    ...(failure === null ? [] : [`${failure.message} ${nextInEditor(failure)}`]),
    ...(failure === null && badEnd(outcome) && reason !== null ? [reason] : []),
    ...unpublished(session),
    ...(session.dropping === undefined
      ? []
      : [
          `${session.dropping.join(', ')} was to be dropped, and what remains was never checked: drop it again, or take it back.`,
        ]),
    ...(reviewable ? unproven(matrix) : []),
    ...(reviewable && verdict?.decision !== 'approve'
      ? [`Not judged: ${verdict?.summary ?? 'no judge was asked.'}`]
      : []),
  ]
}

function unproven(matrix: Matrix | null): readonly string[] {
  if (matrix === null) return ['Not verified: no check was made']
  const [reason = 'a check that passed on the base fails.'] = matrix.reasons
  const said = {
    tests: [],
    steps: [doubt(matrix)],
    red: [`Not green: ${reason}`],
    'not verified': [`Not verified: ${reason}`],
  }
  return said[standing(matrix)]
}

/** The badge of the checks, and what stands behind it. */
export function proofFacts(matrix: Matrix): readonly Fact[] {
  const state = standing(matrix)
  const tone = { tests: 'good', steps: 'warn', red: 'bad', 'not verified': 'bad' } as const
  const line = state === 'steps' ? proofLine(matrix) : ''
  return [
    { tone: tone[state], text: badges[state] },
    ...(line === '' ? [] : [{ tone: 'plain' as const, text: line }]),
  ]
}

/** What a failure's next step is called here; it was written for the command line. */
function nextInEditor({ code, next }: Failure): string {
  return code === 'no-key' ? 'Set one with “Agent: Set API Key”, then retry.' : next
}

/** An approval whose push or pull request did not come about; the session waits on. */
function unpublished({ stages, outcome }: SessionView): readonly string[] {
  const publish = stages.find(({ name }) => name === 'publish')
  if (outcome !== 'awaiting-review' || publish?.status !== 'failed') return []
  return [`Publishing failed: ${publish.detail ?? 'see the timeline.'}`]
}

function badEnd(outcome: SessionView['outcome']): boolean {
  return (
    outcome !== null &&
    [
      'vetoed',
      'verification-failed',
      'turn-limit',
      'cannot-repair',
      'budget-exceeded',
      'interrupted',
      'setup-failed',
    ].includes(outcome)
  )
}

export function dollars(amount: number): string {
  return amount === 0 ? '$0' : amount < 0.01 ? '< $0.01' : `$${amount.toFixed(2)}`
}

/** `0.8 s`, `45 s`, `3 min 5 s`, `1 h 4 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
