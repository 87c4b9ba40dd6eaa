import { useState } from 'preact/hooks'
import { accountsOf } from '../../src/contract/account.ts'
import { mayDrop } from '../../src/contract/approval.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { toLookAt } from '../../src/contract/states/cards.ts'
import type { Situation } from '../../src/contract/states/situation.ts'
import type { KeptState, Tab } from '../model/kept.ts'
import type { Panel } from '../model/panel.ts'
import type { Place } from '../model/quotes.ts'
import { Changes } from './changes.tsx'
import { Judge } from './judge.tsx'
import { PullRequest } from './pullRequest.tsx'
import { Tabs } from './tabs.tsx'
import { Tests } from './tests.tsx'
import { Timeline } from './timeline.tsx'

interface Properties {
  readonly panel: Panel
  readonly review: ReviewView
  readonly situation: Situation
  readonly kept: KeptState
  readonly update: (more: Partial<KeptState>) => void
  /** Height of what sticks to the page's top, px. */
  readonly covered: number
}

/** A line that somebody asked to see; `times` tells one asking from the next. */
export interface Asked {
  readonly place: Place
  readonly times: number
}

/** The evidence, a tab each. */
export function Sections({ panel, review, situation, kept, update, covered }: Properties) {
  const { session } = review
  const digest = mayDrop(review) ? session.patch?.digest : undefined
  const wished = kept.tab ?? firstTab(review)
  const chosen = wished === 'pullRequest' && digest === undefined ? firstTab(review) : wished
  const [asked, setAsked] = useState<Asked>()
  const show = (place: Place) => {
    setAsked({ place, times: (asked?.times ?? 0) + 1 })
    update({ tab: 'changes' })
  }
  const choose = (tab: Tab) => {
    setAsked(undefined)
    update({ tab })
  }
  const entries = [
    { id: 'changes' as const, title: 'Changes', count: session.patch?.files.length, of: 'files' },
    { id: 'tests' as const, title: 'Checks', count: toLookAt(session, situation), of: 'to look at' },
    { id: 'judge' as const, title: 'Judge' },
    ...(digest === undefined ? [] : [{ id: 'pullRequest' as const, title: 'Pull request' }]),
    { id: 'timeline' as const, title: 'Timeline', count: session.stages.length, of: 'stages' },
  ]
  return (
    <Tabs entries={entries} chosen={chosen} choose={choose} label="Evidence">
      {chosen === 'changes' ? (
        <Changes
          files={panel.files}
          review={review}
          layout={kept.layout}
          setLayout={(layout) => update({ layout })}
          covered={covered}
          asked={asked}
        />
      ) : null}
      {chosen === 'tests' ? <Tests review={review} /> : null}
      {chosen === 'judge' ? (
        <Judge
          verdict={session.verdict}
          accounts={accountsOf(session.attempts)}
          minimised={session.minimised}
          files={panel.files}
          show={show}
        />
      ) : null}
      {chosen === 'pullRequest' && digest !== undefined ? (
        <PullRequest
          digest={digest}
          threads={session.task.threads ?? []}
          shown={panel.preview}
          kept={kept}
          update={update}
        />
      ) : null}
      {chosen === 'timeline' ? <Timeline panel={panel} session={session} covered={covered} /> : null}
    </Tabs>
  )
}

function firstTab({ session }: ReviewView): Tab {
  if (session.outcome === 'cannot-repair') return 'judge'
  if (session.outcome === null || session.patch === null) return 'timeline'
  return session.outcome === 'verification-failed' ? 'tests' : 'changes'
}
