import { useState } from 'preact/hooks'
import { approvalBlockers } from '../../src/contract/approval.ts'
import type { PullRequestWording } from '../../src/contract/pullRequest.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { stageTitle } from '../../src/contract/stageTitle.ts'
import type { Situation } from '../../src/contract/states/situation.ts'
import { stateOf } from '../../src/contract/states/state.ts'
import { situationIn } from '../model/headline.ts'
import type { KeptState } from '../model/kept.ts'
import type { Panel } from '../model/panel.ts'
import { changedFields } from '../model/wording.ts'
import { Alarms } from './alarms.tsx'
import { type Asking, DecisionBar } from './decisionBar.tsx'
import { Header } from './header.tsx'
import { useHeight } from './height.ts'
import { Sections } from './sections.tsx'
import { Warnings } from './warnings.tsx'
import { Why } from './why.tsx'

interface Properties {
  readonly panel: Panel
  readonly review: ReviewView
  readonly kept: KeptState
  readonly update: (more: Partial<KeptState>) => void
  readonly dismiss: () => void
}

/** From the answer at the top down to the evidence. */
export function Review({ panel, review, kept, update, dismiss }: Properties) {
  const { element, height } = useHeight()
  const [asking, ask] = useState<Asking>()
  const ticked = new Set(kept.ticked)
  const { withoutJudge, unverified } = kept
  const wording = worded(kept)
  const blockers = [
    ...approvalBlockers(review, { acknowledged: ticked, withoutJudge, unverified }),
    ...unsendable(panel, review, wording),
  ]
  const situation = situationIn(review, kept)
  return (
    <div class="page">
      <Header review={review} situation={situation} />
      <div class="sticky" ref={element}>
        <DecisionBar
          review={review}
          situation={situation}
          blockers={blockers}
          unpublishable={isUnpublishable(panel, review)}
          said={{ acknowledged: kept.ticked, withoutJudge, unverified, ...(wording && { wording }) }}
          asking={asking}
          ask={ask}
        />
      </div>
      <main>
        <Alarms review={review} failure={panel.failure} dismiss={dismiss} />
        <Warnings review={review} situation={situation} kept={kept} update={update} ask={ask} />
        <Why session={review.session} />
        <Sections
          panel={panel}
          review={review}
          situation={situation}
          kept={kept}
          update={update}
          covered={height}
        />
      </main>
      <div role="status" class="unseen">
        {announcement(review, situation)}
      </div>
    </div>
  )
}

/** What a person wants otherwise of the pull request; undefined where that is nothing. */
function worded({ wording = {} }: KeptState): PullRequestWording | undefined {
  return changedFields(wording) === 0 ? undefined : wording
}

/** A wording that is known not to be taken is approved by nobody. */
function unsendable(
  { preview }: Panel,
  { session }: ReviewView,
  wording: PullRequestWording | undefined,
): readonly string[] {
  const isOfIt =
    preview?.digest === session.patch?.digest && JSON.stringify(preview?.wording) === JSON.stringify(wording)
  return isOfIt && preview?.failure !== undefined ? [`Mend the pull request: ${preview.failure.message}`] : []
}

/** As far as this page knows: a base that was refused, or what the preview of this patch names. */
function isUnpublishable({ preview }: Panel, { session }: ReviewView): boolean {
  if (session.refusedBase !== undefined) return true
  const known = preview?.digest === session.patch?.digest ? preview?.preview?.obstacles : undefined
  return known?.some(({ word }) => word === undefined) ?? false
}

/** What a screen reader is told when a stage begins or the session ends. */
function announcement({ session }: ReviewView, situation: Situation): string {
  const running = session.stages.findLast(({ status }) => status === 'running')
  if (running === undefined) return session.outcome === null ? '' : `${stateOf(situation).title}.`
  return stageTitle({ stage: running.name, role: running.role, attempt: running.attempt })
}
