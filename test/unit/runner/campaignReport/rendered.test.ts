import assert from 'node:assert/strict'
import { campaignReport } from '../../../../src/contract/fleet/report.ts'
import { reportHtml } from '../../../../src/runner/campaignReport/html.ts'
import { reportMarkdown } from '../../../../src/runner/campaignReport/markdown.ts'
import { around, mixedCampaign, playedCampaign } from '../../../support/campaign.ts'
import { assertGolden } from '../../../support/golden.ts'

const { state, sessions } = mixedCampaign()
const report = campaignReport(state, sessions, around)

/** Tags and their attributes, as a browser would find them: of text nothing is left. */
function tags(page: string): readonly string[] {
  return page.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[^>]*>/g) ?? []
}

describe('a campaign report as a page', () => {
  const page = reportHtml(report)

  it('has no tag, attribute or link that a name brought', () => {
    const known = new Set(
      'html head meta title style body main h1 h2 p span strong section table thead tbody tr th td svg rect path text div code a br'.split(
        ' ',
      ),
    )
    for (const tag of tags(page)) {
      if (tag === '<!doctype html>') continue
      assert.ok(known.has(/^<\/?([a-z0-9]+)/.exec(tag)?.[1] ?? ''), tag)
      assert.doesNotMatch(tag, /\son\w+=|javascript:|\ssrc=/i)
    }
    const links = tags(page).filter((tag) => tag.startsWith('<a '))
    assert.deepEqual(links, ['<a href="https://git.example.com/acme/shop/pull/7" rel="noreferrer noopener">'])
  })

  it('shows what hides or reorders, and may run and load nothing', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
    assert.match(
      page,
      /content="default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]+&#39;; base-uri/,
    )
    assert.equal(page.match(/style=/g), null)
  })

  it('without repositories is a page all the same', () => {
    const empty = playedCampaign([])
    assert.match(reportHtml(campaignReport(empty.state, empty.sessions, around)), /No repository\./)
  })
})

describe('a campaign report in Markdown', () => {
  it('keeps every name in a code span of its own cell', async () => {
    const text = reportMarkdown(report)
    await assertGolden('campaign-report.golden.md', text)
    const cells = text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.replaceAll('\\|', '').split('|').length)
    assert.deepEqual([...new Set(cells)], [8])
  })
})
