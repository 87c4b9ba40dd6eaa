import type { Combination } from './combinations.ts'

/** A row: of which combinations it speaks (missing: whatever it is), and what is shown of them. */
export interface Row<Said> {
  readonly when: { readonly [Name in keyof Combination]?: Combination[Name] | readonly Combination[Name][] }
  readonly says: Said
}

const waits = { outcome: 'awaiting-review', runner: 'ended', patch: 'whole' } as const
/** What a person has approved still waits for its publication, and says what it rests on. */
const open = { ...waits, patch: ['whole', 'approved'] } as const
const accepted = ['published', 'merged', 'closed'] as const
const green = ['tests', 'steps'] as const
const broken = ['breaks', 'red', 'unverified and broken'] as const
const unclean = ['none', 'notice', 'ticked'] as const
const unjudged = ['none', 'not-judged'] as const
const atWork = { runner: ['works', 'queue'] } as const
const ends = [
  ...(['rejected', 'up-to-date', 'vetoed', 'verification-failed', 'turn-limit', 'cannot-repair'] as const),
  ...(['budget-exceeded', 'cancelled', 'interrupted', 'setup-failed', ...accepted] as const),
]

/** `tone: title (row of a list)`; what is elsewhere is said to be, beside all that is true of it. */
const headlinesHere: readonly Row<string>[] = [
  { when: { runner: 'queue' }, says: 'busy: Waiting for a free slot (waiting for a free slot)' },
  { when: { outcome: 'none', runner: 'works' }, says: 'busy: Running (at work)' },
  { when: { outcome: 'awaiting-review', runner: 'works' }, says: 'busy: Verifying again (verifying again)' },
  { when: { runner: 'gone' }, says: 'warn: Stopped: its runner is gone (interrupted)' },
  {
    when: { outcome: 'awaiting-review', runner: 'ended', patch: 'dropping' },
    says: 'warn: Parts were to be dropped (half dropped)',
  },
  {
    when: { outcome: 'awaiting-review', runner: 'ended', patch: 'pushed' },
    says: 'warn: Pushed, without a pull request yet (pushed, no pull request yet)',
  },
  {
    when: { outcome: 'awaiting-review', runner: 'ended', patch: 'approved' },
    says: 'good: Approved, not published yet (approved, not published yet)',
  },
  {
    when: { outcome: 'awaiting-review', runner: 'ended', patch: 'imported' },
    says: 'plain: Imported: checked elsewhere (imported, checked elsewhere)',
  },
  {
    when: { ...waits, checks: 'none' },
    says: 'bad: The checks did not run to their end (checks not finished)',
  },
  { when: { ...waits, checks: broken }, says: 'bad: Not green (not green)' },
  {
    when: { ...waits, checks: [...green, 'unverified'], verdict: 'veto' },
    says: 'bad: The judge vetoes what is left (vetoed by the judge)',
  },
  ...(
    [
      ['none', 'bad: Not verified (not verified, not judged)'],
      ['open', 'bad: Not verified (not verified, not judged, 1 warning)'],
    ] as const
  ).map(
    ([warnings, says]): Row<string> => ({
      when: {
        ...waits,
        checks: 'unverified',
        verdict: unjudged,
        warnings: warnings === 'none' ? unclean : warnings,
      },
      says,
    }),
  ),
  {
    when: { ...waits, checks: 'unverified', verdict: 'approve', warnings: unclean },
    says: 'bad: Not verified (not verified)',
  },
  {
    when: { ...waits, checks: 'unverified', verdict: 'approve', warnings: 'open' },
    says: 'bad: Not verified (not verified, 1 warning)',
  },
  {
    when: { ...waits, checks: 'steps', verdict: 'approve', warnings: unclean },
    says: 'warn: Green, without a test (green without a test)',
  },
  {
    when: { ...waits, checks: 'steps', verdict: 'approve', warnings: 'open' },
    says: 'warn: Green, without a test (green without a test, 1 warning)',
  },
  {
    when: { ...waits, checks: 'steps', verdict: unjudged, warnings: unclean },
    says: 'warn: Green, without a test (green without a test, not judged)',
  },
  {
    when: { ...waits, checks: 'steps', verdict: unjudged, warnings: 'open' },
    says: 'warn: Green, without a test (green without a test, not judged, 1 warning)',
  },
  {
    when: { ...waits, checks: 'tests', verdict: unjudged, warnings: unclean },
    says: 'warn: Green, but not judged (not judged)',
  },
  {
    when: { ...waits, checks: 'tests', verdict: unjudged, warnings: 'open' },
    says: 'warn: Green, but not judged (not judged, 1 warning)',
  },
  {
    when: { ...waits, checks: 'tests', verdict: 'approve', warnings: 'open' },
    says: 'warn: Green, with warnings to look at (1 warning)',
  },
  {
    when: { ...waits, checks: 'tests', verdict: 'approve', warnings: unclean },
    says: 'good: Ready to approve (ready to approve)',
  },
  { when: { outcome: 'published' }, says: 'good: Published (published)' },
  { when: { outcome: 'merged' }, says: 'good: Merged (merged)' },
  { when: { outcome: 'closed' }, says: 'plain: Closed without a merge (closed)' },
  { when: { outcome: 'rejected' }, says: 'plain: Rejected (rejected)' },
  { when: { outcome: 'up-to-date' }, says: 'good: Up to date (up to date)' },
  { when: { outcome: 'vetoed' }, says: 'bad: Vetoed by the judge (vetoed by the judge)' },
  {
    when: { outcome: 'verification-failed', failure: 'repair-needs-key' },
    says: 'warn: Needs a repair, no key (needs a repair, no key)',
  },
  {
    when: { outcome: 'verification-failed', failure: 'repair-needs-model' },
    says: 'warn: Needs a repair, the model gave no answer (needs a repair, no answer from the model)',
  },
  {
    when: { outcome: 'verification-failed', failure: ['none', 'other'] },
    says: 'bad: Verification failed (verification failed)',
  },
  { when: { outcome: 'turn-limit' }, says: 'bad: Turn limit reached (turn limit reached)' },
  { when: { outcome: 'cannot-repair' }, says: 'bad: The agent gave up (the agent gave up)' },
  { when: { outcome: 'budget-exceeded' }, says: 'bad: Budget used up (budget used up)' },
  { when: { outcome: 'cancelled' }, says: 'plain: Cancelled (cancelled)' },
  { when: { outcome: 'interrupted' }, says: 'warn: Interrupted (interrupted)' },
  { when: { outcome: 'setup-failed', failure: 'no-key' }, says: 'warn: Needs a key (needs a key)' },
  {
    when: { outcome: 'setup-failed', failure: ['none', 'other'] },
    says: 'bad: Set-up failed (could not be set up)',
  },
]

function placed({ when, says }: Row<string>, where: string): Row<string> {
  const text = says
    .replace(': ', `: ${where[0]?.toUpperCase()}${where.slice(1)} · `)
    .replace(/\)$/, `, ${where})`)
  return { when: { ...when, place: 'elsewhere' }, says: text }
}

function headlinesThere(row: Row<string>): readonly Row<string>[] {
  const { runner, patch } = row.when
  if (patch === 'imported') return []
  if (runner === 'gone')
    return [placed({ ...row, when: { ...row.when, outcome: 'none' } }, 'ended elsewhere')]
  const works = runner === 'queue' || runner === 'works'
  return [placed(row, works ? 'runs elsewhere' : 'ended elsewhere')]
}

export const headlines: readonly Row<string>[] = [
  ...headlinesHere.map(({ when, says }): Row<string> => ({ when: { ...when, place: 'here' }, says })),
  ...headlinesHere.flatMap(headlinesThere),
  {
    when: { patch: 'decided' },
    says: 'plain: Ended elsewhere · Decided, and not taken there yet (decision on its way, ended elsewhere)',
  },
]

const settled = { runner: 'ended' } as const

/** The first fact of the card, after its term. */
export const checks: readonly Row<string>[] = [
  { when: { runner: 'queue' }, says: 'Now: busy Wait for a free slot' },
  { when: { runner: 'works' }, says: 'Now: busy Repair' },
  { when: { runner: 'gone' }, says: 'Checks: plain Not finished' },
  { when: { ...settled, checks: 'tests' }, says: 'Checks: good Green' },
  { when: { ...settled, checks: 'steps' }, says: 'Checks: warn Green, without a test' },
  { when: { ...settled, checks: broken }, says: 'Checks: bad Not green' },
  { when: { ...settled, checks: 'unverified' }, says: 'Checks: bad Not verified' },
  {
    when: {
      ...settled,
      checks: 'none',
      outcome: 'awaiting-review',
      patch: ['whole', 'approved', 'dropping'],
    },
    says: 'Checks: bad Did not run to their end',
  },
  {
    when: { ...settled, checks: 'none', patch: ['imported', 'decided'] },
    says: 'Checks: plain Not finished',
  },
  { when: { ...settled, checks: 'none', outcome: 'up-to-date' }, says: 'Checks: plain None were needed' },
  {
    when: { ...settled, checks: 'none', outcome: ends.filter((one) => one !== 'up-to-date') },
    says: 'Checks: plain Not finished',
  },
]

const said = [
  ['approve', 'good Approves'],
  ['veto', 'bad Vetoes'],
  ['not-judged', 'warn Not judged'],
] as const

export const judge: readonly Row<string>[] = [
  {
    when: { outcome: 'awaiting-review', runner: 'works' },
    says: 'Judge: plain Asked again after the checks',
  },
  { when: { outcome: 'none', ...atWork, verdict: 'none' }, says: 'Judge: plain Not asked yet' },
  {
    when: { ...open, verdict: 'none' },
    says: 'Judge: warn Not asked',
  },
  {
    when: {
      outcome: 'awaiting-review',
      ...settled,
      patch: ['dropping', 'pushed', 'imported', 'decided'],
      verdict: 'none',
    },
    says: 'Judge: plain Not asked',
  },
  { when: { runner: 'gone', verdict: 'none' }, says: 'Judge: plain Not asked' },
  { when: { outcome: ends, verdict: 'none' }, says: 'Judge: plain Not asked' },
  ...said.flatMap(([verdict, text]): Row<string>[] => [
    { when: { outcome: 'none', runner: 'works', verdict }, says: `Judge: ${text}` },
    { when: { runner: ['gone', 'ended'], verdict }, says: `Judge: ${text}` },
  ]),
]

const tickable = { ...open, verdict: ['none', 'approve', 'not-judged'] } as const
const untickable = [
  { ...waits, checks: ['none', ...broken] },
  { ...waits, checks: [...green, 'unverified'], verdict: 'veto' },
  { outcome: 'awaiting-review', runner: 'ended', patch: ['dropping', 'pushed', 'imported', 'decided'] },
] as const satisfies Row<string>['when'][]

/** Boxes beside the warnings: that nothing proves it, that nobody judged it. */
const boxes = [
  [{ ...tickable, checks: 'tests', verdict: 'approve' }, 0],
  [{ ...tickable, checks: 'tests', verdict: unjudged }, 1],
  [{ ...tickable, checks: ['steps', 'unverified'], verdict: 'approve' }, 1],
  [{ ...tickable, checks: ['steps', 'unverified'], verdict: unjudged }, 2],
] as const satisfies [Row<string>['when'], number][]

const allTicked = ['', 'Ticked', 'Both ticked', 'All 3 ticked']

export const warnings: readonly Row<string>[] = [
  { when: { ...atWork, warnings: 'none' }, says: 'Warnings: plain None so far' },
  { when: { ...atWork, warnings: 'notice' }, says: 'Warnings: plain 1 notice' },
  { when: { ...atWork, warnings: ['open', 'ticked'] }, says: 'Warnings: warn 1 so far' },
  ...boxes.flatMap(([when, count]): Row<string>[] => [
    ...(count === 0
      ? [
          { when: { ...when, warnings: 'none' as const }, says: 'Warnings: good None' },
          { when: { ...when, warnings: 'notice' as const }, says: 'Warnings: plain 1 notice' },
        ]
      : [
          {
            when: { ...when, warnings: 'none' as const, words: 'none' as const },
            says: `Warnings: warn ${count} to tick`,
          },
          {
            when: { ...when, warnings: 'none' as const, words: 'given' as const },
            says: `Warnings: good ${allTicked[count]}`,
          },
          {
            when: { ...when, warnings: 'notice' as const, words: 'none' as const },
            says: `Warnings: warn ${count} to tick, plain 1 notice`,
          },
          {
            when: { ...when, warnings: 'notice' as const, words: 'given' as const },
            says: `Warnings: good ${allTicked[count]}, plain 1 notice`,
          },
        ]),
    { when: { ...when, warnings: 'open', words: 'none' }, says: `Warnings: warn ${count + 1} to tick` },
    { when: { ...when, warnings: 'open', words: 'given' }, says: 'Warnings: warn 1 to tick' },
    ...(count === 0
      ? [{ when: { ...when, warnings: 'ticked' as const }, says: 'Warnings: good Ticked' }]
      : [
          {
            when: { ...when, warnings: 'ticked' as const, words: 'none' as const },
            says: `Warnings: warn ${count} to tick`,
          },
          {
            when: { ...when, warnings: 'ticked' as const, words: 'given' as const },
            says: `Warnings: good ${allTicked[count + 1]}`,
          },
        ]),
  ]),
  ...[...untickable, { runner: 'gone' } as const, { outcome: ends } as const].flatMap(
    (when): Row<string>[] => [
      { when: { ...when, warnings: 'none' }, says: 'Warnings: plain None' },
      { when: { ...when, warnings: 'notice' }, says: 'Warnings: plain 1 notice' },
      { when: { ...when, warnings: ['open', 'ticked'] }, says: 'Warnings: plain 1' },
    ],
  ),
]

/** First words of what stands above everything else. */
const quiet = 'nothing'
const unproven = [
  ['tests', []],
  ['steps', ['No test that passed before ran again']],
  ['unverified', ['Not verified']],
  ['none', ['The checks did not run to their end']],
] as const

const judged = [
  ['approve', []],
  ['veto', ['Vetoed']],
  ['none', ['Not judged']],
  ['not-judged', ['Not judged']],
] as const

export const alarms: readonly Row<string>[] = [
  { when: atWork, says: quiet },
  ...(['none', 'other'] as const).flatMap((failure): Row<string>[] => {
    const first = failure === 'none' ? [] : ['What happened']
    const loud = (when: Row<string>['when'], more: readonly string[]): Row<string> => ({
      when: { ...when, failure },
      says: [...first, ...more].join(', ') || quiet,
    })
    const ofReason = ends.filter((one) => !['up-to-date', 'rejected', 'cancelled', ...accepted].includes(one))
    return [
      loud({ runner: 'gone' }, []),
      loud({ outcome: 'awaiting-review', ...settled, patch: 'dropping' }, ['src/a']),
      loud({ outcome: 'awaiting-review', ...settled, patch: ['pushed', 'imported', 'decided'] }, []),
      ...judged.flatMap(([verdict, said]) => [
        // The judge is asked about what was checked alone.
        ...unproven
          .filter(([checks]) => checks !== 'none' || verdict === 'none')
          .map(([checks, doubt]) => loud({ ...open, checks, verdict }, [...doubt, ...said])),
        loud({ ...waits, checks: broken, verdict }, ['Not green', ...said]),
      ]),
      loud({ outcome: ofReason }, failure === 'none' ? ['The reason'] : []),
      loud({ outcome: ends.filter((one) => !ofReason.includes(one)) }, []),
    ]
  }),
  { when: { failure: ['repair-needs-key', 'repair-needs-model', 'no-key'] }, says: 'What happened' },
]
