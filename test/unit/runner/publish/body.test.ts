import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Event } from '../../../../src/contract/events.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { type SessionView, sessionView } from '../../../../src/contract/sessionView.ts'
import { approve } from '../../../../src/runner/publish/approve.ts'
import { pullRequestBody } from '../../../../src/runner/publish/body.ts'
import { branchName, freeBranch } from '../../../../src/runner/publish/branch.ts'
import { codeBlock, inlineCode } from '../../../../src/runner/publish/markdown.ts'
import { assertGolden, readGolden } from '../../../support/golden.ts'

async function awaitingReview(): Promise<SessionView> {
  const text = await readGolden('events-v1.jsonl')
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => Event.parse(JSON.parse(line)))
  return sessionView(
    events.slice(
      0,
      events.findIndex((event) => event.type === 'review.approved'),
    ),
  )
}

const coded = (code: string) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code
const warned = 'protected-path:.github/workflows/ci.yml'
const yes = { acknowledged: [warned], withoutJudge: false, unverified: false }

describe('approve', () => {
  it('binds patch and base where everything is in order', async () => {
    const view = await awaitingReview()
    const event = approve(view, yes)
    assert.deepEqual([event.digest, event.baseCommit], [view.patch?.digest, view.patch?.baseCommit])
  })

  it('refuses what is not verified, judged, acknowledged, committed or awaiting review', async () => {
    const view = await awaitingReview()
    const { matrix, verdict, task } = view
    assert.ok(matrix !== null && verdict !== null)
    const cases: readonly [string, SessionView, Partial<Parameters<typeof approve>[1]>][] = [
      ['warnings-not-acknowledged', view, { acknowledged: [] }],
      ['bad-usage', view, { acknowledged: [warned, 'no-such-warning'] }],
      ['not-verified', { ...view, matrix: null }, {}],
      ['not-verified', { ...view, matrix: { ...matrix, verified: false, reasons: ['no test ran'] } }, {}],
      ['not-verified', { ...view, matrix: { ...matrix, green: false } }, {}],
      ['not-judged', { ...view, verdict: null }, {}],
      ['not-judged', { ...view, verdict: { ...verdict, decision: 'not-judged' } }, {}],
      ['session-state', { ...view, verdict: { ...verdict, decision: 'veto' } }, { withoutJudge: true }],
      ['session-state', { ...view, outcome: 'published' }, {}],
      ['session-state', { ...view, outcome: null }, {}],
      ['session-state', { ...view, patch: null }, {}],
      [
        'dirty-not-committed',
        { ...view, task: { ...task, repository: { ...task.repository, includeUncommitted: true } } },
        {},
      ],
    ]
    for (const [code, changed, approval] of cases) {
      assert.throws(() => approve(changed, { ...yes, ...approval }), coded(code), code)
    }
    const taken = { ...yes, withoutJudge: true, unverified: true }
    const proven = approve({ ...view, verdict: null }, taken)
    assert.equal(proven.unverified, undefined)
    const unproven = { ...view, verdict: null, matrix: { ...matrix, green: false, verified: false } }
    assert.equal(approve(unproven, taken).unverified, true)
    const steps = { ...view, matrix: { ...matrix, proof: 'steps' as const, proven: ['repaired: the build'] } }
    assert.throws(() => approve(steps, yes), /No test that passed before ran again: repaired: the build/)
    assert.equal(approve(steps, { ...yes, unverified: true }).unverified, true)
    const red = { ...matrix, green: false, verified: false, breaks: ['The build fails.'] }
    for (const failed of [null, { ...matrix, green: false }, red])
      assert.throws(() => approve({ ...view, matrix: failed }, taken), coded('not-verified'))
  })
})

describe('branch names', () => {
  it('hold what every host takes', async () => {
    const view = await awaitingReview()
    const named = (name: string, to: string) =>
      branchName({ ...view, to, task: { ...view.task, package: name } as SessionView['task'] })
    assert.equal(named('left-pad', '2.0.0'), 'drydock/left-pad-2.0.0')
    assert.equal(named('@scope/name', '1.0.0-rc.1+x'), 'drydock/scope-name-1.0.0-rc.1-x')
    assert.equal(named('org.example:lib', '1'), 'drydock/org.example-lib-1')
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, to) => {
        assert.match(named(name, to), /^drydock\/[A-Za-z0-9_][A-Za-z0-9._-]*$/)
        assert.doesNotMatch(named(name, to), /\.\.|\.lock$|\.$/)
      }),
    )
    assert.equal(freeBranch('a', new Set(['a', 'a-2'])), 'a-3')
  })
})

describe('the pull request text', () => {
  it('says what moved, what was checked, who judged and what was acknowledged', async () => {
    const view = await awaitingReview()
    await assertGolden('pull-request.golden.md', pullRequestBody(view, { notes: ['A note.'] }))
  })

  it('tells the whole of what was acknowledged', async () => {
    const view = await awaitingReview()
    const message = `The base's a.test.js, put back alone: ${'it fails '.repeat(30)}. As patched: test ok.`
    const warnings = [
      { code: 'test-kit:a.test.js', message, severity: 'acknowledge' as const, acknowledged: true },
    ]
    assert.match(pullRequestBody({ ...view, warnings }, { notes: [] }), /As patched: test ok\.`/)
  })

  it('says what every manifest came to', async () => {
    const places = [
      { manifest: 'package.json', before: '1.0.0', after: '2.0.0', by: 'catalog.a in .yarnrc.yml (^2.0.0)' },
      { manifest: 'b/package.json', before: '1.0.0', after: '1.0.0', note: 'the profile old is not active' },
    ]
    const body = pullRequestBody({ ...(await awaitingReview()), places }, { notes: [] })
    assert.match(
      body,
      /- read back: `package\.json: 1\.0\.0 → 2\.0\.0, by catalog\.a in \.yarnrc\.yml \(\^2\.0\.0\)`/,
    )
    assert.match(body, /- read back: `b\/package\.json: 1\.0\.0, the profile old is not active`/)
  })

  it('says what was shown without a test, and what was not', async () => {
    const view = await awaitingReview()
    const proven = { proof: 'steps' as const, proven: ['repaired: the build'] }
    const notProven = ['this project has no tests']
    const matrix = view.matrix && { ...view.matrix, ...proven, notProven }
    const body = pullRequestBody({ ...view, matrix }, { notes: [] })
    assert.match(body, /\*\*Verified without a test\*\*: no test that passed before ran again\./)
    assert.match(body, /- Shown: `repaired: the build`\n- \*\*Not shown\*\*: `this project has no tests`/)
  })

  it('gives the agent’s account as what it is, and says that a search stopped early', async () => {
    const view = await awaitingReview()
    const [attempt] = view.attempts
    assert.ok(attempt)
    const body = pullRequestBody(
      {
        ...view,
        attempts: [{ ...attempt, account: 'I call the default now.' }],
        minimised: { unneeded: [], checks: 2, complete: false },
      },
      { notes: [] },
    )
    assert.match(
      body,
      /<summary>What the agent says<\/summary>\n\nIts own account, which no program checked\.\n\nAttempt 1:/,
    )
    assert.match(body, /```\w*\nI call the default now\.\n```/)
    assert.match(body, /not every part was tried: after 2 checks it had taken the time that it may/)
  })

  it('lets nothing untrusted be anything but text', async () => {
    const view = await awaitingReview()
    const evil = '`</code><img src=x onerror=1> @octocat #1 [x](https://evil.example) <!-- ``` \n\n# h\u202e'
    const body = pullRequestBody(
      {
        ...view,
        attempts: [{ attempt: 1, model: evil, turns: 1, costUsd: 0, end: 'done', account: evil }],
        minimised: { unneeded: [], checks: 2, complete: false },
        moves: [{ name: evil, from: evil, to: evil, reason: evil }],
        places: [{ manifest: evil, before: evil, after: evil, by: evil, note: evil }],
        warnings: [{ code: evil, message: evil, severity: 'acknowledge', acknowledged: true }],
        patch: view.patch && {
          ...view.patch,
          files: view.patch.files.map((file) => ({ ...file, path: evil })),
        },
        matrix: view.matrix && {
          ...view.matrix,
          verified: false,
          reasons: [evil],
          tests: [{ id: evil, label: 'broken' }],
        },
        verdict: view.verdict && {
          ...view.verdict,
          model: evil,
          criteria: {
            in_scope: { pass: false, reason: evil, evidence: [] },
            safe: { pass: false, reason: evil, evidence: [] },
            quality: { pass: false, reason: evil, evidence: [] },
          },
        },
      },
      { notes: [] },
    )
    assert.doesNotMatch(withoutFolds(outsideCode(body)), /@|<|\]\(|evil|#1|\u202e/)
  })

  it('keeps any text inside its code span or block', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', '~', ' ', '\n', 'a', '@', '<', '\\', '|', '\u202e') }),
        (text) => {
          assert.doesNotMatch(outsideCode(`x ${inlineCode(text)} x`), /[@<\n\u202e]/)
          assert.doesNotMatch(outsideCode(codeBlock(text)), /[@<\u202e]/)
        },
      ),
    )
  })
})

/** Without the tags of ours that fold a section. */
function withoutFolds(markdown: string): string {
  return markdown.replace(/^<\/?details>$|^<summary>[^<>]*<\/summary>$/gm, '')
}

/** The text without its fenced blocks and code spans, by CommonMark's rule that equal runs of backticks match. */
function outsideCode(markdown: string): string {
  const blocks = markdown.replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1`*$/gm, '')
  return blocks.replace(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, '')
}
