import assert from 'node:assert/strict'
import type { PullRequestPreview, PullRequestWording } from '../../../../src/contract/pullRequest.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import type { MessageToPanel } from '../../../../src/contract/webviewMessages.ts'
import { Previews } from '../../../../src/extension/review/previews.ts'
import { deferred } from '../../../support/deferred.ts'
import { previewWith } from '../../../support/panel/preview.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'

const digest = 'a'.repeat(64)

describe('previews for somebody who types', () => {
  it('are made one at a time, the last of those that wait, each told with what it was asked about', async () => {
    const view = sessionView(fixtureSessions().get('review')?.events ?? [])
    const [made, posted]: [PullRequestWording[], MessageToPanel[]] = [[], []]
    const first = deferred<void>()
    const previews = new Previews({
      make: async (wording): Promise<PullRequestPreview> => {
        made.push(wording)
        if (made.length === 1) await first.promise
        return previewWith(view, wording)
      },
      post: (message) => void posted.push(message),
    })
    const under = previews.ask({ digest, wording: { title: 'M' } })
    await previews.ask({ digest, wording: { title: 'Mi' } })
    await previews.ask({ digest, wording: { title: ' ' } })
    first.resolve()
    await under
    assert.deepEqual(made, [{ title: 'M' }, { title: ' ' }])
    const told = posted.map((one) => (one.type === 'preview' ? [one.wording.title, one.preview?.title] : []))
    assert.deepEqual(told, [
      ['M', 'M'],
      [' ', undefined],
    ])
    const [, refused] = posted
    assert.ok(refused?.type === 'preview' && refused.failure?.code === 'bad-usage')
  })
})
