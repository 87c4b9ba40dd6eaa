import assert from 'node:assert/strict'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { mostBodyCharacters, mostOwnCharacters } from '../../../../src/contract/pullRequest.ts'
import { requireFit } from '../../../../src/runner/commands/preview.ts'
import { bodyParts, joinedBody, pullRequestBody } from '../../../../src/runner/publish/body.ts'
import { leftOpen } from '../../../../src/runner/publish/closed.ts'
import { bodies } from '../../../support/bodies.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingSession } from '../../../support/waitingSession.ts'

async function waiting() {
  await using folder = await temporaryFolder()
  const { held } = await waitingSession(folder.path)
  const view = held.view()
  await held.release()
  return view
}

describe('a person’s own words in a pull request', () => {
  it('stand in the place of ours, and what was run stands below them, marked, whatever they are', async () => {
    const view = await waiting()
    const made = bodyParts(view, { notes: ['`main` has moved.'] })
    assert.match(made.own, /^### What moves/)
    assert.doesNotMatch(made.own, /Before and after/)
    assert.match(made.fixed, /^### Notes[\s\S]*### Before and after[\s\S]*### Judge/)
    const body = pullRequestBody(view, { notes: [], own: 'Trust me.' })
    assert.match(body, /^Trust me\.\n\n---\n\*Above: the words of whoever published this\. Below: /)
    for (const part of ['### Before and after', '### Judge', '### Warnings', 'How to reproduce'])
      assert.ok(body.includes(part), part)
    const who = { acknowledged: [], withoutJudge: false, digest: 'a'.repeat(64), baseCommit: 'b'.repeat(40) }
    const approval = { ...who, by: 'Ada @octocat', at: '2026-01-02T03:04:05Z' }
    assert.match(pullRequestBody({ ...view, approval }, { notes: [], own: 'x' }), /words of `Ada @octocat`\./)
    assert.equal(joinedBody(' \n', 'fixed'), 'fixed')
  })

  it('are not said for us where the checks are red: nobody found that no agent was needed', async () => {
    const view = { ...(await waiting()), turns: 0, matrix: null }
    assert.match(bodyParts(view, { notes: [] }).fixed, /No agent worked on it, and its checks are not green/)
    assert.doesNotMatch(bodyParts(view, { notes: [] }).fixed, /No agent was needed/)
  })

  it('leave room for all that follows', async () => {
    for (const view of Object.values(bodies(await waiting()))) {
      const own = 'x'.repeat(mostOwnCharacters)
      const body = pullRequestBody(view, { notes: [], own })
      assert.ok(body.length <= mostBodyCharacters && body.startsWith(own))
      assert.match(body, /### Before and after[\s\S]*How to reproduce[\s\S]*Session `/)
    }
  })

  it('leave nothing open that would hide it', () => {
    const open: readonly (readonly [string, RegExp])[] = [
      ['```\ncode', /code or a comment/],
      ['~~~~\n```\n~~~', /code or a comment/],
      ['<!-- and', /code or a comment/],
      ['<script>', /code or a comment/],
      ['<?php', /code or a comment/],
      ['a\n\n<details><summary>x</summary>\n\ntext', /<details>/],
      ['- item\n\n  <div>\n', /<div>/],
      ['> <details>', /<details>/],
      ['words <b>bold', /<b>/],
      ['<details/>', /<details>/],
      ['<DETAILS title=">">\n\n</summary>', /<details>/],
    ]
    for (const [text, what] of open) assert.match(leftOpen(text) ?? 'nothing', what, text)
    const closed = [
      ...[
        '',
        'Words.',
        '- a\n- b',
        '```\ncode\n```',
        '<!-- note -->',
        '`<details>`',
        '> quoted',
        '| a |\n|---|',
      ],
      '<details>\n<summary>x</summary>\n\ntext\n\n</details>',
      '<img src="https://example.com/a.png"><br>',
      '    <details>',
      '```html\n<details>\n```',
    ]
    for (const text of closed) assert.equal(leftOpen(text), undefined, text)
  })

  it('are refused where they would, are too long, or the title is none', () => {
    const refused = (code: RegExp) => (error: unknown) =>
      error instanceof DrydockError && error.failure.code === 'bad-usage' && code.test(error.message)
    assert.throws(() => requireFit({ body: '<!--' }), refused(/leaves .* open/))
    assert.throws(() => requireFit({ body: 'x'.repeat(mostOwnCharacters + 1) }), refused(/32769 characters/))
    assert.throws(() => requireFit({ title: ' ' }), refused(/title/))
    requireFit({ title: 'a', body: 'b' })
  })
})
