import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { Event } from '../../../../src/contract/events.ts'
import { mostBodyCharacters } from '../../../../src/contract/pullRequest.ts'
import { type SessionView, sessionView } from '../../../../src/contract/sessionView.ts'
import { fitted } from '../../../../src/runner/publish/body/part.ts'
import { pullRequestBody } from '../../../../src/runner/publish/body.ts'
import { checkSummary } from '../../../../src/runner/publish/checkSummary.ts'
import { bodies } from '../../../support/bodies.ts'
import { readGolden } from '../../../support/golden.ts'

async function waiting(): Promise<SessionView> {
  const lines = (await readGolden('events-v1.jsonl')).trimEnd().split('\n')
  const events = lines.map((line) => Event.parse(JSON.parse(line)))
  return sessionView(
    events.slice(
      0,
      events.findIndex(({ type }) => type === 'review.approved'),
    ),
  )
}

/** As GitHub reads it; a host lets `details` and `summary` through, and so does this. */
function html(markdown: string): string {
  return micromark(markdown, {
    ...{ extensions: [gfm()], allowDangerousHtml: true },
    htmlExtensions: [gfmHtml()],
  })
}

const ours = new Set('h3 p ul li code pre strong hr details summary input blockquote'.split(' '))

/** Elements of a page, and the text that stands in no code. */
function read(page: string): { readonly elements: ReadonlySet<string>; readonly loose: string } {
  const elements = new Set([...page.matchAll(/<([a-z0-9]+)[\s>/]/gi)].map(([, name = '']) => name))
  const loose = page.replace(/<code[^>]*>[\s\S]*?<\/code>/g, '').replace(/<[^>]*>/g, '')
  return { elements, loose }
}

const given = {
  notes: ['`main` has moved.'],
  ...{ commit: 'b'.repeat(40), branch: 'drydock/left-pad-2.0.0', evidence: 'e'.repeat(64) },
}

describe('a pull request’s text, rendered', () => {
  for (const kind of [
    'clean',
    'repair',
    'three thousand tests',
    'two hundred transitive changes',
    'hostile names',
  ]) {
    it(`is at most 65,536 characters, and nothing in it but ours: ${kind}`, async () => {
      const view = bodies(await waiting())[kind]
      assert.ok(view !== undefined)
      const body = pullRequestBody(view, given)
      assert.ok(body.length <= mostBodyCharacters, String(body.length))
      const page = html(body)
      // A person looks at them: DRYDOCK_TEST_BODIES names a folder.
      const folder = process.env.DRYDOCK_TEST_BODIES
      if (folder !== undefined) await writeFile(join(folder, `${kind.replaceAll(' ', '-')}.html`), page)
      const { elements, loose } = read(page)
      assert.deepEqual(
        [...elements].filter((name) => !ours.has(name)),
        [],
      )
      assert.doesNotMatch(loose, /octocat|evil|onerror|\u202e/)
      assert.equal(page.match(/<details>/g)?.length, page.match(/<\/details>/g)?.length)
      assert.match(page, /<h3>Before and after<\/h3>/)
      const summary = checkSummary(view, given.commit)
      assert.ok(summary.summary.length <= 65_535 && summary.title.length <= 140)
      assert.doesNotMatch(read(html(summary.summary)).loose, /octocat|evil|onerror/)
    })
  }

  it('cuts the largest part first, and says where the rest is', async () => {
    const view = bodies(await waiting())['three thousand tests']
    assert.ok(view !== undefined)
    const body = pullRequestBody(view, given)
    assert.match(body, /… and \d+ more: the evidence has them \(`drydock evidence 20260102-030405-abc123`\)/)
    assert.ok(body.length > 60_000, 'no more than is needed')
    assert.match(body, /### Judge/)
    const long = (title: string, count: number) => ({
      title,
      items: Array.from({ length: count }, () => 'x'.repeat(50)),
      folded: true,
    })
    const text = fitted([long('small', 10), long('large', 100)], 3_000, 'there')
    assert.ok(text.length <= 3_000)
    assert.equal(text.split('</details>')[0]?.match(/x{50}/g)?.length, 10)
    assert.match(text, /… and \d+ more: there\./)
  })

  it('fits whatever comes, however little room there is', () => {
    const part = { title: 'a', items: ['y'.repeat(5_000)] }
    for (const max of [200, 1_000, 6_000]) assert.ok(fitted([part, part, part], max, 'there').length <= max)
  })
})
