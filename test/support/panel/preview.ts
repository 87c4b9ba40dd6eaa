import type { PullRequestPreview, PullRequestWording } from '../../../src/contract/pullRequest.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { againstPublishing } from '../../../src/contract/toPublish.ts'
import { obstaclesOf, requireFit } from '../../../src/runner/commands/preview.ts'
import { previewed } from '../../../src/runner/publish/preview.ts'

/** The base commit of a fixture's repository, as far as a pull request follows it. */
const repository = {
  entries: async () => [],
  read: async () => undefined,
  subjects: async () => ['feat: list orders', 'fix(core): mend it', 'chore(deps): bump a from 1 to 2'],
}

/** What the runner answers: the real composition, over a repository that is on no disk. */
export async function previewWith(
  view: SessionView,
  wording: PullRequestWording,
): Promise<PullRequestPreview> {
  requireFit(wording)
  const { body: own, ...edits } = wording
  const preview = await previewed({
    view: { ...view, edits: { ...view.edits, ...edits } },
    ...{ repository, turn: 0 },
    ...(own === undefined ? {} : { own }),
  })
  return { ...preview, obstacles: obstaclesOf(againstPublishing(view, false)) }
}
