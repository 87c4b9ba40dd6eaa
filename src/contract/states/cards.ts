import { badges, proofLine, standing } from '../proof.ts'
import type { Label, Matrix } from '../report.ts'
import type { SessionView } from '../sessionView.ts'
import { stageTitle } from '../stageTitle.ts'
import type { Situation } from './situation.ts'
import type { Fact, Tone } from './tone.ts'

/** One answer of the four at the top of a review. */
export interface Card {
  readonly term: string
  readonly facts: readonly Fact[]
}

const one = (term: string, tone: Tone, text: string): Card => ({ term, facts: [{ tone, text }] })

/** What goes on now, or what the checks came to. */
export function checksCard(session: SessionView, situation: Situation): Card {
  const { life, checks } = situation
  if (life === 'queued' || life === 'running' || life === 'checking') return nowCard(session)
  const { matrix, reports } = session
  if (life === 'stopped') return one('Checks', 'plain', 'Not finished')
  if (matrix === null || checks === 'none') return one('Checks', ...noChecks(situation, reports))
  const tests = testFacts(matrix).map(({ text }) => text)
  const counted = tests.length === 0 ? [] : [{ tone: 'plain' as const, text: tests.join(', ') }]
  return { term: 'Checks', facts: [...proofFacts(matrix), ...counted] }
}

function noChecks({ life, outcome }: Situation, reports: SessionView['reports']): [Tone, string] {
  if (life === 'waiting' || life === 'half-dropped') return ['bad', 'Did not run to their end']
  if (outcome === 'up-to-date') return ['plain', 'None were needed']
  return ['plain', Object.keys(reports).length === 0 ? 'None ran' : 'Not finished']
}

function nowCard({ stages }: SessionView): Card {
  const running = stages.findLast(({ status }) => status === 'running')
  if (running === undefined) return one('Now', 'busy', 'Between two stages')
  const { name: stage, role, attempt, progress } = running
  const title: Fact = { tone: 'busy', text: stageTitle({ stage, role, attempt }) }
  return {
    term: 'Now',
    facts: progress === undefined ? [title] : [title, { tone: 'plain', text: progress.message }],
  }
}

/** Whether the judge was asked, and what it says. */
export function judgeCard({ verdict }: SessionView, { life, judge }: Situation): Card {
  const works = life === 'queued' || life === 'running'
  if (life === 'checking') return one('Judge', 'plain', 'Asked again after the checks')
  if (judge === 'none' || verdict === null)
    return one('Judge', life === 'waiting' ? 'warn' : 'plain', works ? 'Not asked yet' : 'Not asked')
  const facts: Record<Exclude<Situation['judge'], 'none'>, Fact> = {
    approves: { tone: 'good', text: 'Approves' },
    vetoes: { tone: 'bad', text: 'Vetoes' },
    'not-judged': { tone: 'warn', text: 'Not judged' },
  }
  return { term: 'Judge', facts: [facts[judge], { tone: 'plain', text: verdict.summary }] }
}

/** What a person has to tick, and what is only said to them. */
export function warningsCard({ warnings, approval }: SessionView, situation: Situation): Card {
  const { life, boxes, notices } = situation
  const noticed: readonly Fact[] =
    notices === 0 ? [] : [{ tone: 'plain', text: notices === 1 ? '1 notice' : `${notices} notices` }]
  const card = (tone: Tone, text: string): Card => ({ term: 'Warnings', facts: [{ tone, text }, ...noticed] })
  const bare = (tone: Tone, text: string): Card =>
    noticed.length === 0 ? one('Warnings', tone, text) : { term: 'Warnings', facts: noticed }
  const raised = warnings.length - notices
  if (life === 'queued' || life === 'running' || life === 'checking')
    return raised === 0 ? bare('plain', 'None so far') : card('warn', `${raised} so far`)
  if (life === 'waiting' && canBeTicked(situation)) {
    if (boxes.all === 0) return bare('good', 'None')
    return boxes.open === 0 ? card('good', allTicked(boxes.all)) : card('warn', `${boxes.open} to tick`)
  }
  if (raised === 0) return bare('plain', 'None')
  const seen = approval !== null && warnings.every((one) => one.severity === 'notice' || one.acknowledged)
  return card('plain', seen ? `${raised}, acknowledged` : String(raised))
}

function allTicked(all: number): string {
  if (all === 1) return 'Ticked'
  return all === 2 ? 'Both ticked' : `All ${all} ticked`
}

/** Ticks mean nothing where no tick could make it publishable. */
export function canBeTicked({ life, checks, judge }: Situation): boolean {
  return life === 'waiting' && checks !== 'red' && checks !== 'none' && judge !== 'vetoes'
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
export function testFacts({ counts }: Matrix): readonly Fact[] {
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

/** The badge of the checks, and what stands behind it. */
function proofFacts(matrix: Matrix): readonly Fact[] {
  const state = standing(matrix)
  const tone = { tests: 'good', steps: 'warn', red: 'bad', 'not verified': 'bad' } as const
  const line = state === 'steps' ? proofLine(matrix) : ''
  return [
    { tone: tone[state], text: badges[state] },
    ...(line === '' ? [] : [{ tone: 'plain' as const, text: line }]),
  ]
}

const bad: ReadonlySet<Label> = new Set(['regressed', 'broken', 'not run', 'removed', 'flaky'])

/** Tests and commands that need a look: the number on the tab of the checks; undefined where there is none. */
export function toLookAt({ matrix }: SessionView, { life }: Situation): number | undefined {
  if (matrix === null || life === 'running' || life === 'queued' || life === 'checking') return undefined
  const isBad = (label: Label | undefined): boolean => label !== undefined && bad.has(label)
  const tests = matrix.tests.filter(({ label }) => isBad(label)).length
  // The command whose tests are named already is no further one.
  const steps = matrix.steps.filter(
    ({ name, label }) => isBad(label) && !(name === 'test' && tests > 0),
  ).length
  const found = tests + steps
  return found === 0 ? undefined : found
}
